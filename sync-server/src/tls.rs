//! Certificate and key: given by the operator, or made once and kept.
//!
//! Devices pin the certificate by its hash, so a self-made one is as good as any other for
//! them; browsers ask their user once.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use shared::hash::sha256;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{}: not a {what} in PEM", path.display())]
    NotPem {
        /// Which.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
    /// Certificate and key do not go together, or are of a kind that is not known.
    #[error("certificate and key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
    /// A certificate could not be made.
    #[error("a certificate could not be made: {0}")]
    Make(#[from] rcgen::Error),
}

/// A certificate with its key, ready to serve with.
pub struct Tls {
    config: Arc<ServerConfig>,
    pin: String,
}

impl Tls {
    /// From the operator's files: a chain, and its key.
    pub fn from_files(cert: &Path, key: &Path) -> Result<Self, TlsError> {
        let chain = read_chain(cert)?;
        let pin = pin_of(&chain, cert)?;
        let key = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|_| TlsError::NotPem {
            path: key.to_owned(),
            what: "private key",
        })?;
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            config: Arc::new(config),
            pin,
        })
    }

    /// The one kept in the data directory, made the first time.
    pub fn kept(data: &Path, public_host: Option<&str>) -> Result<Self, TlsError> {
        let (cert, key) = make_if_missing(data, public_host)?;
        Self::from_files(&cert, &key)
    }

    /// The configuration of the listener.
    pub fn config(&self) -> Arc<ServerConfig> {
        self.config.clone()
    }

    /// SHA-256 of the certificate, as enrolment links carry it.
    pub fn pin(&self) -> &str {
        &self.pin
    }
}

/// The pin of a certificate file, without its key.
pub fn pin_of_file(cert: &Path) -> Result<String, TlsError> {
    pin_of(&read_chain(cert)?, cert)
}

/// The pin of the certificate kept in the data directory, which is made the first time.
pub fn pin_of_kept(data: &Path, public_host: Option<&str>) -> Result<String, TlsError> {
    pin_of_file(&make_if_missing(data, public_host)?.0)
}

fn pin_of(chain: &[CertificateDer<'_>], path: &Path) -> Result<String, TlsError> {
    let first = chain.first().ok_or_else(|| TlsError::NotPem {
        path: path.to_owned(),
        what: "certificate",
    })?;
    Ok(URL_SAFE_NO_PAD.encode(sha256(&[first])))
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|source| TlsError::File {
        path: path.to_owned(),
        source,
    })
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    CertificateDer::pem_slice_iter(&read(path)?)
        .collect::<Result<_, _>>()
        .map_err(|_| TlsError::NotPem {
            path: path.to_owned(),
            what: "certificate",
        })
}

/// The paths of the kept certificate and key, which are made the first time.
fn make_if_missing(data: &Path, public_host: Option<&str>) -> Result<(PathBuf, PathBuf), TlsError> {
    let directory = data.join("tls");
    let (cert, key) = (directory.join("cert.pem"), directory.join("key.pem"));
    if cert.exists() && key.exists() {
        return Ok((cert, key));
    }
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| TlsError::File { path, source }
    };
    fs::create_dir_all(&directory).map_err(failed(&directory))?;
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    names.extend(
        public_host
            .filter(|host| *host != "localhost")
            .map(str::to_owned),
    );
    let mut params = CertificateParams::new(names)?;
    params
        .distinguished_name
        .push(DnType::CommonName, "Beatbook server");
    let pair = KeyPair::generate()?;
    let made = params.self_signed(&pair)?;
    write(&key, pair.serialize_pem().as_bytes(), 0o600).map_err(failed(&key))?;
    write(&cert, made.pem().as_bytes(), 0o644).map_err(failed(&cert))?;
    Ok((cert, key))
}

/// Writes a whole file with these permissions, or leaves what was there.
fn write(path: &Path, bytes: &[u8], mode: u32) -> std::io::Result<()> {
    let part = path.with_extension("part");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_made_once_and_its_key_is_kept_private() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let data = tempfile::tempdir().expect("a directory");
        let first = Tls::kept(data.path(), Some("beatbook.example")).expect("made");
        let again = Tls::kept(data.path(), None).expect("kept");
        assert_eq!(first.pin(), again.pin());
        assert_eq!(pin_of_kept(data.path(), None).expect("kept"), first.pin());
        assert_eq!(first.pin().len(), 43);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let key = fs::metadata(data.path().join("tls/key.pem")).expect("the key");
            assert_eq!(key.permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn files_that_are_not_pem_are_told_apart() {
        let data = tempfile::tempdir().expect("a directory");
        let path = data.path().join("cert.pem");
        assert!(matches!(pin_of_file(&path), Err(TlsError::File { .. })));
        fs::write(&path, "nothing").expect("written");
        assert!(matches!(pin_of_file(&path), Err(TlsError::NotPem { .. })));
    }
}
