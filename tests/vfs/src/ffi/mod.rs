//! The disk as a SQLite VFS: registration, and the calls that are about names.
//! `file` has those about one open file.
//!
//! Soundness rests on three facts. SQLite calls a VFS only with the pointers that it
//! was registered with. A [`Registration`] is never freed, because a connection keeps
//! its VFS pointer until it closes, longer than its files. And everything that is
//! reached through these pointers is behind a lock.

mod file;

use std::cell::UnsafeCell;
use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr;
use std::slice;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use libsqlite3_sys as sqlite;

use crate::error::DiskError;
use crate::media::Media;
use file::OpenFile;

const NAME_MAX: c_int = 512;
/// The Julian day of 1970-01-01, in milliseconds.
const UNIX_EPOCH_JULIAN_MS: i64 = 210_866_760_000_000;

/// Seeds SQLite's random numbers, which decide WAL salts, rollback-journal nonces and
/// `random()`. They are one sequence for the whole process, so runs whose bytes are to
/// be equal must have the process to themselves, on one thread. SQLCipher takes the
/// nonces of its pages from elsewhere: with a key, bytes differ and sizes do not.
pub fn seed_sqlite(seed: u32) {
    // Zero would mean "from the operating system again".
    let seed = (seed & 0x7FFF_FFFF).max(1) as c_int;
    let no_connection = ptr::null_mut::<sqlite::sqlite3>();
    // SAFETY: the operation takes an int and a connection, which may be null.
    unsafe {
        sqlite::sqlite3_initialize();
        sqlite::sqlite3_test_control(sqlite::SQLITE_TESTCTRL_PRNG_SEED, seed, no_connection);
    }
}

/// A disk's state and its registration. Handles and open files share it.
#[derive(Debug)]
pub(crate) struct Shared {
    media: Mutex<Media>,
    registered: Registered,
}

impl Shared {
    pub(crate) fn register(media: Media) -> Arc<Self> {
        let registration = Registration::take();
        let registered = Registered(registration);
        let shared = Arc::new(Self {
            media: Mutex::new(media),
            registered,
        });
        *lock(&registration.disk) = Arc::downgrade(&shared);
        // SAFETY: the VFS is complete, never moves and is never freed.
        let code = unsafe { sqlite::sqlite3_vfs_register(registration.vfs.get(), 0) };
        assert_eq!(code, sqlite::SQLITE_OK, "SQLite cannot start");
        shared
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Media> {
        lock(&self.media)
    }

    pub(crate) fn vfs_name(&self) -> &str {
        &self.registered.0.name
    }
}

/// What SQLite knows of a disk.
struct Registration {
    vfs: UnsafeCell<sqlite::sqlite3_vfs>,
    name: String,
    _c_name: CString,
    disk: Mutex<Weak<Shared>>,
}

// SAFETY: only SQLite touches `vfs` (its list link, under its own mutex), and the
// rest is immutable or behind a lock.
unsafe impl Send for Registration {}
// SAFETY: as above.
unsafe impl Sync for Registration {}

/// Registrations whose disk is gone, for the next disk. So a long simulation holds
/// only as many as it had disks at one time.
static SPARE: Mutex<Pool> = Mutex::new(Pool {
    spare: Vec::new(),
    made: 0,
});

struct Pool {
    spare: Vec<&'static Registration>,
    made: u32,
}

impl Registration {
    fn take() -> &'static Self {
        let mut pool = lock(&SPARE);
        if let Some(registration) = pool.spare.pop() {
            return registration;
        }
        pool.made += 1;
        Self::make(pool.made)
    }

    fn make(number: u32) -> &'static Self {
        let name = format!("faulty-disk-{number}");
        let c_name = CString::new(name.as_str()).unwrap_or_default();
        let vfs = UnsafeCell::new(methods(c_name.as_ptr()));
        let disk = Mutex::new(Weak::new());
        let made: &'static Self = Box::leak(Box::new(Self {
            vfs,
            name,
            _c_name: c_name,
            disk,
        }));
        // SAFETY: nobody else knows the VFS yet.
        unsafe { (*made.vfs.get()).pAppData = ptr::from_ref(made).cast_mut().cast() };
        made
    }
}

/// Unregisters when the disk goes.
struct Registered(&'static Registration);

impl std::fmt::Debug for Registered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.name)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        // SAFETY: the VFS was registered, and stays allocated for connections that
        // still point to it; they find no disk behind it.
        unsafe { sqlite::sqlite3_vfs_unregister(self.0.vfs.get()) };
        *lock(&self.0.disk) = Weak::new();
        lock(&SPARE).spare.push(self.0);
    }
}

fn methods(name: *const c_char) -> sqlite::sqlite3_vfs {
    sqlite::sqlite3_vfs {
        iVersion: 2,
        szOsFile: size_of::<OpenFile>() as c_int,
        mxPathname: NAME_MAX,
        pNext: ptr::null_mut(),
        zName: name,
        pAppData: ptr::null_mut(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: Some(last_error),
        xCurrentTimeInt64: Some(current_time_ms),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic in one test must not turn into an abort inside a C callback.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The disk behind a VFS pointer, if it is still there.
///
/// # Safety
/// `vfs` is a VFS that this module registered.
unsafe fn disk(vfs: *mut sqlite::sqlite3_vfs) -> Option<Arc<Shared>> {
    // SAFETY: `pAppData` is the leaked registration that contains the VFS.
    let registration = unsafe { &*(*vfs).pAppData.cast::<Registration>() };
    lock(&registration.disk).upgrade()
}

/// # Safety
/// `name` is null or a C string that outlives the result.
unsafe fn text<'a>(name: *const c_char) -> Option<&'a str> {
    if name.is_null() {
        return None;
    }
    // SAFETY: by the caller's word.
    unsafe { CStr::from_ptr(name) }.to_str().ok()
}

unsafe extern "C" fn open(
    vfs: *mut sqlite::sqlite3_vfs,
    name: *const c_char,
    out: *mut sqlite::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives `szOsFile` bytes for the file. Without methods it will
    // not call xClose after a failure.
    unsafe { (*out).pMethods = ptr::null() };
    // SAFETY: SQLite's arguments; a name that is not text is refused.
    let (shared, text) = unsafe { (disk(vfs), text(name)) };
    let Some(shared) = shared.filter(|_| name.is_null() || text.is_some()) else {
        return sqlite::SQLITE_CANTOPEN;
    };
    let opened = shared
        .lock()
        .open(text, flags & sqlite::SQLITE_OPEN_CREATE != 0);
    let handle = match opened {
        Ok(handle) => handle,
        Err(DiskError::Off) => return sqlite::SQLITE_IOERR,
        Err(_) => return sqlite::SQLITE_CANTOPEN,
    };
    let doomed = text.filter(|_| flags & sqlite::SQLITE_OPEN_DELETEONCLOSE != 0);
    // SAFETY: as above; `out_flags` may be null.
    unsafe {
        OpenFile::put(out, shared, handle, doomed.map(str::to_owned));
        if !out_flags.is_null() {
            *out_flags = flags;
        }
    }
    sqlite::SQLITE_OK
}

unsafe extern "C" fn delete(
    vfs: *mut sqlite::sqlite3_vfs,
    name: *const c_char,
    sync_dir: c_int,
) -> c_int {
    // SAFETY: SQLite's arguments.
    let (Some(shared), Some(name)) = (unsafe { (disk(vfs), text(name)) }) else {
        return sqlite::SQLITE_IOERR_DELETE;
    };
    let removed = shared.lock().remove(name, sync_dir != 0);
    match removed {
        Ok(()) => sqlite::SQLITE_OK,
        Err(DiskError::NotFound) => sqlite::SQLITE_IOERR_DELETE_NOENT,
        Err(_) => sqlite::SQLITE_IOERR_DELETE,
    }
}

unsafe extern "C" fn access(
    vfs: *mut sqlite::sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite's arguments.
    let (Some(shared), Some(name)) = (unsafe { (disk(vfs), text(name)) }) else {
        return sqlite::SQLITE_IOERR_ACCESS;
    };
    let found = match shared.lock().contents(name) {
        // An empty file counts as absent, as in SQLite's own VFS for Unix.
        Ok(bytes) => flags != sqlite::SQLITE_ACCESS_EXISTS || !bytes.is_empty(),
        Err(DiskError::NotFound) => false,
        Err(_) => return sqlite::SQLITE_IOERR_ACCESS,
    };
    // SAFETY: SQLite's out pointer.
    unsafe { *out = c_int::from(found) };
    sqlite::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _vfs: *mut sqlite::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite's name, a C string.
    let bytes = unsafe { CStr::from_ptr(name) }.to_bytes_with_nul();
    if bytes.len() > room.max(0) as usize {
        return sqlite::SQLITE_CANTOPEN;
    }
    // SAFETY: `out` has `room` bytes, and is not the name.
    unsafe { ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len()) };
    sqlite::SQLITE_OK
}

unsafe extern "C" fn randomness(
    vfs: *mut sqlite::sqlite3_vfs,
    len: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: `out` has `len` bytes; zeroed first, so that the slice is initialised.
    let bytes = unsafe {
        ptr::write_bytes(out, 0, len.max(0) as usize);
        slice::from_raw_parts_mut(out.cast::<u8>(), len.max(0) as usize)
    };
    // SAFETY: SQLite's VFS pointer.
    if let Some(shared) = unsafe { disk(vfs) } {
        shared.lock().rng.fill(bytes);
    }
    len
}

unsafe extern "C" fn sleep(vfs: *mut sqlite::sqlite3_vfs, micros: c_int) -> c_int {
    // SAFETY: SQLite's VFS pointer.
    if let Some(shared) = unsafe { disk(vfs) } {
        let mut media = shared.lock();
        media.now_ms = media.now_ms.saturating_add(i64::from(micros) / 1000);
    }
    micros
}

unsafe extern "C" fn current_time_ms(
    vfs: *mut sqlite::sqlite3_vfs,
    out: *mut sqlite::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite's VFS pointer.
    let unix_ms = unsafe { disk(vfs) }.map_or(0, |shared| shared.lock().now_ms);
    // SAFETY: SQLite's out pointer.
    unsafe { *out = unix_ms.saturating_add(UNIX_EPOCH_JULIAN_MS) };
    sqlite::SQLITE_OK
}

unsafe extern "C" fn current_time(vfs: *mut sqlite::sqlite3_vfs, out: *mut f64) -> c_int {
    let mut julian_ms = 0;
    // SAFETY: SQLite's pointers.
    unsafe {
        let code = current_time_ms(vfs, &raw mut julian_ms);
        *out = julian_ms as f64 / 86_400_000.0;
        code
    }
}

unsafe extern "C" fn last_error(
    _vfs: *mut sqlite::sqlite3_vfs,
    _room: c_int,
    _out: *mut c_char,
) -> c_int {
    // There is no system call whose error number could be told.
    0
}
