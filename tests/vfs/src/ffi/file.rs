//! One open file, as SQLite holds it.

use std::ffi::{c_int, c_void};
use std::ptr;
use std::slice;
use std::sync::Arc;

use libsqlite3_sys as sqlite;

use super::Shared;
use crate::error::DiskError;
use crate::inode::{Inode, Lock};
use crate::media::{Handle, Media, Result};

/// What SQLite's Unix VFS reports. Tears are finer than this, which is allowed
/// because neighbours of a write are safe (`SQLITE_IOCAP_POWERSAFE_OVERWRITE`).
const SECTOR_SIZE: c_int = 4096;

/// SQLite allocates this and sees the first field only.
#[repr(C)]
pub(super) struct OpenFile {
    base: sqlite::sqlite3_file,
    opened: *mut Opened,
}

struct Opened {
    shared: Arc<Shared>,
    handle: Handle,
    /// The name to remove when the file is closed.
    doomed: Option<String>,
}

impl OpenFile {
    /// # Safety
    /// `out` points to room for an `OpenFile`.
    pub(super) unsafe fn put(
        out: *mut sqlite::sqlite3_file,
        shared: Arc<Shared>,
        handle: Handle,
        doomed: Option<String>,
    ) {
        let opened = Box::into_raw(Box::new(Opened {
            shared,
            handle,
            doomed,
        }));
        let base = sqlite::sqlite3_file {
            pMethods: &raw const METHODS,
        };
        // SAFETY: by the caller's word.
        unsafe { out.cast::<Self>().write(Self { base, opened }) };
    }
}

/// Version 1: no shared memory and no memory mapping.
static METHODS: sqlite::sqlite3_io_methods = sqlite::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// Does something with the disk behind a file, and names the failure for SQLite.
///
/// # Safety
/// `file` was opened by [`OpenFile::put`] and is not closed.
unsafe fn with(
    file: *mut sqlite::sqlite3_file,
    act: impl FnOnce(&mut Media, Handle) -> Result<c_int>,
) -> c_int {
    // SAFETY: by the caller's word; SQLite uses a file from one thread at a time.
    let opened = unsafe { &*(*file.cast::<OpenFile>()).opened };
    let done = act(&mut opened.shared.lock(), opened.handle);
    done.unwrap_or_else(|error| match error {
        DiskError::Full => sqlite::SQLITE_FULL,
        DiskError::Write => sqlite::SQLITE_IOERR_WRITE,
        DiskError::Sync => sqlite::SQLITE_IOERR_FSYNC,
        DiskError::NotFound | DiskError::Off => sqlite::SQLITE_IOERR,
    })
}

unsafe extern "C" fn close(file: *mut sqlite::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes an open file once; the box is ours to take back.
    let opened = unsafe {
        let file = file.cast::<OpenFile>();
        Box::from_raw(ptr::replace(&raw mut (*file).opened, ptr::null_mut()))
    };
    let mut media = opened.shared.lock();
    let alive = media.file(opened.handle).is_ok();
    media.close(opened.handle);
    if let Some(name) = opened.doomed.as_deref().filter(|_| alive) {
        // It goes with the power anyway if this fails.
        let _ = media.remove(name, false);
    }
    drop(media);
    sqlite::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut sqlite::sqlite3_file,
    out: *mut c_void,
    len: c_int,
    offset: sqlite::sqlite3_int64,
) -> c_int {
    let len = len.max(0) as usize;
    // SAFETY: `out` has `len` bytes. SQLite wants the part that it cannot get zeroed,
    // and zeroing all of it first makes the slice initialised too.
    let out = unsafe {
        ptr::write_bytes(out.cast::<u8>(), 0, len);
        slice::from_raw_parts_mut(out.cast::<u8>(), len)
    };
    let act = |media: &mut Media, handle| {
        let bytes = media.file(handle)?.bytes();
        let start = bytes.len().min(index(offset));
        let found = &bytes[start..bytes.len().min(start.saturating_add(len))];
        out[..found.len()].copy_from_slice(found);
        let whole = found.len() == len;
        Ok(if whole {
            sqlite::SQLITE_OK
        } else {
            sqlite::SQLITE_IOERR_SHORT_READ
        })
    };
    // SAFETY: SQLite's file.
    unsafe { with(file, act) }
}

unsafe extern "C" fn write(
    file: *mut sqlite::sqlite3_file,
    data: *const c_void,
    len: c_int,
    offset: sqlite::sqlite3_int64,
) -> c_int {
    // SAFETY: `data` has `len` bytes.
    let data = unsafe { slice::from_raw_parts(data.cast::<u8>(), len.max(0) as usize) };
    // SAFETY: SQLite's file.
    unsafe {
        with(file, |media, handle| {
            done(media.write(handle, index(offset), data))
        })
    }
}

unsafe extern "C" fn truncate(
    file: *mut sqlite::sqlite3_file,
    size: sqlite::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite's file.
    unsafe {
        with(file, |media, handle| {
            done(media.truncate(handle, index(size)))
        })
    }
}

unsafe extern "C" fn sync(file: *mut sqlite::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: SQLite's file.
    unsafe { with(file, |media, handle| done(media.sync(handle))) }
}

unsafe extern "C" fn file_size(
    file: *mut sqlite::sqlite3_file,
    out: *mut sqlite::sqlite3_int64,
) -> c_int {
    let mut size = 0;
    let act = |media: &mut Media, handle| {
        size = media.file(handle)?.bytes().len() as i64;
        Ok(sqlite::SQLITE_OK)
    };
    // SAFETY: SQLite's file and out pointer.
    unsafe {
        let code = with(file, act);
        *out = size;
        code
    }
}

unsafe extern "C" fn lock(file: *mut sqlite::sqlite3_file, level: c_int) -> c_int {
    let act = |media: &mut Media, handle| {
        let granted = media.lock(handle, lock_level(level))?;
        Ok(if granted {
            sqlite::SQLITE_OK
        } else {
            sqlite::SQLITE_BUSY
        })
    };
    // SAFETY: SQLite's file.
    unsafe { with(file, act) }
}

unsafe extern "C" fn unlock(file: *mut sqlite::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite's file.
    unsafe {
        with(file, |media, handle| {
            done(media.unlock(handle, lock_level(level)))
        })
    }
}

unsafe extern "C" fn check_reserved_lock(
    file: *mut sqlite::sqlite3_file,
    out: *mut c_int,
) -> c_int {
    let mut reserved = false;
    let act = |media: &mut Media, handle| {
        reserved = media
            .file(handle)
            .map(|file: &mut Inode| file.is_reserved())?;
        Ok(sqlite::SQLITE_OK)
    };
    // SAFETY: SQLite's file and out pointer.
    unsafe {
        let code = with(file, act);
        *out = c_int::from(reserved);
        code
    }
}

unsafe extern "C" fn file_control(
    _file: *mut sqlite::sqlite3_file,
    _op: c_int,
    _arg: *mut c_void,
) -> c_int {
    sqlite::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_file: *mut sqlite::sqlite3_file) -> c_int {
    SECTOR_SIZE
}

unsafe extern "C" fn device_characteristics(_file: *mut sqlite::sqlite3_file) -> c_int {
    sqlite::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

fn done(result: Result<()>) -> Result<c_int> {
    result.map(|()| sqlite::SQLITE_OK)
}

/// SQLite's offsets are never negative.
fn index(offset: sqlite::sqlite3_int64) -> usize {
    usize::try_from(offset).unwrap_or(0)
}

fn lock_level(level: c_int) -> Lock {
    match level {
        sqlite::SQLITE_LOCK_NONE => Lock::None,
        sqlite::SQLITE_LOCK_SHARED => Lock::Shared,
        sqlite::SQLITE_LOCK_RESERVED => Lock::Reserved,
        sqlite::SQLITE_LOCK_PENDING => Lock::Pending,
        _ => Lock::Exclusive,
    }
}
