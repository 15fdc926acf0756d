//! `std::fs` for a program that reads: its files are those of a copy of its
//! crate's folder. Reading is no step between threads, for nobody writes;
//! whatever would change a file is missing here, so that such a program is
//! refused by name when it is compiled.

use crate::engine::context;
use ::std::ffi::OsString;
use ::std::io::{self, IoSlice, IoSliceMut, Read, Seek, SeekFrom, Write};
use ::std::path::{Path, PathBuf};
use ::std::sync::{Mutex, PoisonError};

pub use ::std::fs::{DirEntry, FileType, Metadata, Permissions, ReadDir};

/// A file that is open for reading.
#[derive(Debug)]
pub struct File {
    real: ::std::fs::File,
}

impl File {
    /// Opens a file to read it.
    pub fn open<P: AsRef<Path>>(path: P) -> io::Result<File> {
        from_start();
        let real = ::std::fs::File::open(path)?;
        Ok(File { real })
    }

    pub fn metadata(&self) -> io::Result<Metadata> {
        self.real.metadata()
    }

    pub fn try_clone(&self) -> io::Result<File> {
        let real = self.real.try_clone()?;
        Ok(File { real })
    }
}

impl Read for File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.real.read(buffer)
    }

    fn read_vectored(&mut self, buffers: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        self.real.read_vectored(buffers)
    }

    fn read_to_end(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        self.real.read_to_end(bytes)
    }

    fn read_to_string(&mut self, text: &mut String) -> io::Result<usize> {
        self.real.read_to_string(text)
    }
}

impl Read for &File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&self.real).read(buffer)
    }
}

impl Seek for File {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.real.seek(position)
    }
}

impl Seek for &File {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        (&self.real).seek(position)
    }
}

/// A file that was opened for reading refuses what is written to it.
impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.real.write(bytes)
    }

    fn write_vectored(&mut self, buffers: &[IoSlice<'_>]) -> io::Result<usize> {
        self.real.write_vectored(buffers)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.real.flush()
    }
}

pub fn read<P: AsRef<Path>>(path: P) -> io::Result<Vec<u8>> {
    from_start();
    ::std::fs::read(path)
}

pub fn read_to_string<P: AsRef<Path>>(path: P) -> io::Result<String> {
    from_start();
    ::std::fs::read_to_string(path)
}

pub fn metadata<P: AsRef<Path>>(path: P) -> io::Result<Metadata> {
    from_start();
    ::std::fs::metadata(path)
}

pub fn canonicalize<P: AsRef<Path>>(path: P) -> io::Result<PathBuf> {
    from_start();
    ::std::fs::canonicalize(path)
}

pub fn exists<P: AsRef<Path>>(path: P) -> io::Result<bool> {
    from_start();
    path.as_ref().try_exists()
}

/// The entries of a folder, in whatever order the system has them.
pub fn read_dir<P: AsRef<Path>>(path: P) -> io::Result<ReadDir> {
    from_start();
    ::std::fs::read_dir(path)
}

/// What has become of the current folder.
struct Folder {
    /// Where the process was started.
    start: Option<OsString>,
    /// The execution that left it.
    left_by: Option<u64>,
}

static FOLDER: Mutex<Folder> = Mutex::new(Folder {
    start: None,
    left_by: None,
});

/// Goes back to where the process was started, if an earlier execution left it.
pub(crate) fn from_start() {
    let mut folder = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    let now = context().map(|context| context.epoch);
    if folder.left_by.is_none() || folder.left_by == now {
        return;
    }
    if let Some(start) = &folder.start {
        // It was there when this process began, and nobody here removes a folder.
        let _ = ::std::env::set_current_dir(start);
    }
    folder.left_by = None;
}

/// Changes the current folder, until the end of the execution.
pub(crate) fn enter(path: &Path) -> io::Result<()> {
    from_start();
    let mut folder = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    if folder.start.is_none() {
        folder.start = Some(::std::env::current_dir()?.into_os_string());
    }
    ::std::env::set_current_dir(path)?;
    folder.left_by = context().map(|context| context.epoch);
    Ok(())
}
