//! Photos as bytes: uploads grow in a folder of this machine, and become objects of the store
//! of photos when their hash is that which was announced.

use std::fs::{self, File, OpenOptions};
use std::future::Future;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use object_store::{ObjectStore, ObjectStoreExt as _};
use shared::hash::BlobHash;
use shared::ids::DeviceId;

/// The photos of a server.
pub struct Blobs {
    objects: Arc<dyn ObjectStore>,
    staging: PathBuf,
}

impl Blobs {
    /// Photos in folders of the data directory.
    pub fn open(data: &Path) -> io::Result<Self> {
        let (blobs, staging) = (data.join("blobs"), data.join("uploads"));
        fs::create_dir_all(&blobs)?;
        let objects = LocalFileSystem::new_with_prefix(blobs)?.with_fsync(true);
        Self::with_objects(Arc::new(objects), staging)
    }

    /// Photos in any store of objects; uploads grow in a folder.
    pub fn with_objects(objects: Arc<dyn ObjectStore>, staging: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&staging)?;
        Ok(Self { objects, staging })
    }

    /// Bytes of an upload that are durable.
    pub fn staged(&self, device: DeviceId, blob: BlobHash) -> io::Result<u64> {
        match fs::metadata(self.staging_path(device, blob)) {
            Ok(found) => Ok(found.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Appends to an upload; gives its length once that is durable.
    pub fn append(&self, device: DeviceId, blob: BlobHash, chunk: &[u8]) -> io::Result<u64> {
        let path = self.staging_path(device, blob);
        let before = self.staged(device, blob)?;
        let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
        let written = file.write_all(chunk).and_then(|()| file.sync_all());
        if let Err(error) = written {
            // What is behind the old end was never promised to anybody.
            file.set_len(before)?;
            return Err(error);
        }
        if before == 0 {
            File::open(&self.staging)?.sync_all()?;
        }
        Ok(before + chunk.len() as u64)
    }

    /// Makes an upload an object, if it is what its name says; false if it is not.
    pub fn publish(&self, device: DeviceId, blob: BlobHash) -> io::Result<bool> {
        let bytes = fs::read(self.staging_path(device, blob))?;
        if BlobHash::of(&bytes) != blob {
            return Ok(false);
        }
        wait(self.objects.put(&name(blob), bytes.into()))?;
        Ok(true)
    }

    /// Forgets an upload.
    pub fn discard(&self, device: DeviceId, blob: BlobHash) -> io::Result<()> {
        match fs::remove_file(self.staging_path(device, blob)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Destroys a photo, if it is there.
    pub fn destroy(&self, blob: BlobHash) -> io::Result<()> {
        match wait(self.objects.delete(&name(blob))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The bytes of a photo.
    pub fn read(&self, blob: BlobHash) -> io::Result<Vec<u8>> {
        let found = wait(async { self.objects.get(&name(blob)).await?.bytes().await })?;
        Ok(found.into())
    }

    /// The length of a photo.
    pub fn len(&self, blob: BlobHash) -> io::Result<u64> {
        Ok(wait(self.objects.head(&name(blob)))?.size)
    }

    fn staging_path(&self, device: DeviceId, blob: BlobHash) -> PathBuf {
        self.staging.join(format!("{device}-{blob}"))
    }
}

/// Folders of 256, so that none grows too large.
fn name(blob: BlobHash) -> Name {
    let text = blob.to_string();
    Name::from(format!("{}/{text}", &text[..2]))
}

/// Waits for a store of objects on this thread. The methods of the server are synchronous:
/// they run on threads that may block.
fn wait<T, E: Into<io::Error>>(future: impl Future<Output = Result<T, E>>) -> io::Result<T> {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    // Without tokio's budget: a task that ran out of it would wait for a scheduler that is
    // waiting for us.
    let mut future = pin!(tokio::task::unconstrained(future));
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value.map_err(Into::into),
            Poll::Pending => thread::park(),
        }
    }
}
