//! A device in a process of its own, so that its memory and its processor time can be told
//! from those of whoever measures.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use app_core::http::HttpClient;
use app_core::photo;
use serde::{Deserialize, Serialize};
use shared::hash::BlobHash;
use shared::ids::RecordId;
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ExchangeRequest, ExchangeResponse, Protocol,
    SignInRequest, SignInResponse, UploadState, WireError,
};

use crate::cpu::Cpu;
use crate::memory;
use crate::phone::Phone;
use crate::site::Running;
use crate::stats::ms;

/// What a list shows at first.
const ROWS: u32 = 50;

/// What such a process does.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Job {
    /// Opens a device and exchanges until neither side has more.
    Sync {
        /// The folder of the device.
        phone: PathBuf,
        /// Where the server is.
        url: String,
        /// Its certificate.
        pin: [u8; 32],
    },
    /// Makes the preview of a photo.
    Photo {
        /// The original.
        file: PathBuf,
    },
}

/// What it took.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Done {
    pub(crate) seconds: f64,
    /// Until the first records were on the list.
    pub(crate) first_list_ms: f64,
    /// Processor time from when it began.
    pub(crate) cpu_s: f64,
    /// The most memory it had, and what it had when it began.
    pub(crate) peak_mb: f64,
    pub(crate) before_mb: f64,
    pub(crate) requests: u32,
    /// Records that are stored.
    pub(crate) records: usize,
    /// Of their entries, those that cannot be opened.
    pub(crate) unopened: u32,
    /// Processor time to open all of what came as history, when the device is idle.
    pub(crate) opened_cpu_s: f64,
}

impl Job {
    /// Exchanges with this server.
    pub(crate) fn sync(phone: PathBuf, server: &Running, url: String) -> Self {
        let pin = server.pin;
        Self::Sync { phone, url, pin }
    }

    /// Has it done by a new process.
    pub(crate) async fn run(&self) -> Result<Done> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--job").arg(serde_json::to_string(self)?);
        // Whoever waits here may be what the new process talks to.
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// What the new process does.
pub(crate) async fn work(job: &str) -> Result<()> {
    let done = match serde_json::from_str(job)? {
        Job::Sync { phone, url, pin } => sync(&Phone::open(&phone)?, &url, pin).await?,
        Job::Photo { file } => preview(&fs::read(file)?)?,
    };
    println!("{}", serde_json::to_string(&done)?);
    Ok(())
}

/// Measures something that this process does.
struct Meter {
    began: Instant,
    cpu: Cpu,
    before_mb: f64,
}

impl Meter {
    fn begin() -> Result<Self> {
        let pid = std::process::id();
        memory::forget_peak(pid)?;
        Ok(Self {
            before_mb: memory::now_mb(pid)?,
            cpu: Cpu::of(pid)?,
            began: Instant::now(),
        })
    }

    fn end(self) -> Result<Done> {
        let (seconds, pid) = (self.began.elapsed().as_secs_f64(), std::process::id());
        Ok(Done {
            seconds,
            cpu_s: Cpu::of(pid)?.since(&self.cpu).as_secs_f64(),
            peak_mb: memory::peak_mb(pid)?,
            before_mb: self.before_mb,
            ..Done::default()
        })
    }
}

async fn sync(phone: &Phone, url: &str, pin: [u8; 32]) -> Result<Done> {
    let meter = Meter::begin()?;
    let watched = Watched {
        client: HttpClient::new(url, pin)?,
        phone,
        began: meter.began,
        requests: AtomicU32::new(0),
        listed: OnceLock::new(),
    };
    phone.sync(&watched).await?;
    let done = meter.end()?;
    watched.look();
    let listed = watched.listed.get().copied().unwrap_or_default();
    let idle = Meter::begin()?;
    while phone.core.open_some()? {}
    let idle = idle.end()?;
    Ok(Done {
        opened_cpu_s: idle.cpu_s,
        first_list_ms: ms(listed),
        requests: watched.requests.load(Ordering::Relaxed),
        records: phone.core.record_ids()?.len(),
        unopened: phone.core.unopened()?,
        ..done
    })
}

fn preview(bytes: &[u8]) -> Result<Done> {
    let meter = Meter::begin()?;
    let prepared = photo::prepare(bytes)?;
    ensure!(prepared.preview.is_some(), "no preview was made");
    meter.end()
}

/// The protocol over HTTPS, and a look at the list before each exchange: what came with the one
/// before is on it.
struct Watched<'a> {
    client: HttpClient,
    phone: &'a Phone,
    began: Instant,
    requests: AtomicU32,
    /// When the list was full for the first time.
    listed: OnceLock<Duration>,
}

impl Watched<'_> {
    fn look(&self) {
        if self.listed.get().is_none()
            && let Ok(list) = self.phone.core.records(0, ROWS, "all")
            && list.len() >= ROWS as usize
        {
            // Set once, here.
            let _ = self.listed.set(self.began.elapsed());
        }
    }
}

impl Protocol for Watched<'_> {
    async fn exchange(
        &self,
        credential: &Credential,
        request: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        self.look();
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.client.exchange(credential, request).await
    }

    async fn enrol(&self, request: EnrolRequest) -> Result<EnrolResponse, WireError> {
        self.client.enrol(request).await
    }

    async fn sign_in(
        &self,
        credential: &Credential,
        request: SignInRequest,
    ) -> Result<SignInResponse, WireError> {
        self.client.sign_in(credential, request).await
    }

    async fn upload_begin(
        &self,
        credential: &Credential,
        record: RecordId,
        blob: BlobHash,
        bytes: u64,
    ) -> Result<UploadState, WireError> {
        let began = self.client.upload_begin(credential, record, blob, bytes);
        began.await
    }

    async fn upload_append(
        &self,
        credential: &Credential,
        blob: BlobHash,
        offset: u64,
        chunk: Vec<u8>,
    ) -> Result<UploadState, WireError> {
        let appended = self.client.upload_append(credential, blob, offset, chunk);
        appended.await
    }

    async fn photo(&self, credential: &Credential, blob: BlobHash) -> Result<Vec<u8>, WireError> {
        self.client.photo(credential, blob).await
    }
}
