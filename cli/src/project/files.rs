//! Files that are written together: all of them, or none.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// New contents of some files, not yet written.
#[derive(Debug, Default)]
pub(crate) struct Files {
    writes: Vec<(PathBuf, String)>,
    removals: Vec<PathBuf>,
}

/// What was done, so that it can be undone.
#[derive(Debug, Default)]
pub(crate) struct Written {
    folders: Vec<PathBuf>,
    files: Vec<(PathBuf, Option<Vec<u8>>)>,
}

/// A file's text.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::new(format!("cannot read `{}`", path.display())).because(&error))
}

impl Files {
    /// Plans a file. The last one planned for a path wins.
    pub(crate) fn write(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) {
        let (path, text) = (path.into(), text.into());
        match self.writes.iter_mut().find(|(known, _)| *known == path) {
            Some((_, known)) => *known = text,
            None => self.writes.push((path, text)),
        }
    }

    /// Plans that a file goes, after all that is written.
    pub(crate) fn remove(&mut self, path: impl Into<PathBuf>) {
        self.removals.push(path.into());
    }

    /// The planned files, in order.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.writes.iter().map(|(path, _)| path.as_path())
    }

    /// Writes all, in the order in which they were planned. After a failure everything is as it was.
    pub(crate) fn commit(self) -> Result<Written, Failure> {
        let mut written = Written::default();
        let result = self.commit_into(&mut written);
        result.map_err(|(path, error)| {
            written.undo();
            Failure::new(format!("cannot write `{}`", path.display())).because(&error).why("nothing was changed")
        })?;
        Ok(written)
    }

    fn commit_into(self, written: &mut Written) -> Result<(), (PathBuf, io::Error)> {
        // Everything that can fail for want of space or permission happens before the first file is replaced.
        let mut staged = Vec::new();
        for (path, text) in &self.writes {
            let result = written.folder_of(path).and_then(|()| stage(path, text.as_bytes()));
            match result {
                Ok(temporary) => staged.push(temporary),
                Err(error) => {
                    discard(&staged);
                    return Err((path.clone(), error));
                }
            }
        }
        for (at, (path, _)) in self.writes.iter().enumerate() {
            let before = fs::read(path).ok();
            if let Err(error) = fs::rename(&staged[at], path) {
                discard(&staged[at..]);
                return Err((path.clone(), error));
            }
            written.files.push((path.clone(), before));
        }
        for path in &self.removals {
            let before = fs::read(path).ok();
            fs::remove_file(path).map_err(|error| (path.clone(), error))?;
            written.files.push((path.clone(), before));
        }
        Ok(())
    }
}

impl Written {
    fn folder_of(&mut self, path: &Path) -> io::Result<()> {
        let Some(folder) = path.parent() else {
            return Ok(());
        };
        let missing: Vec<&Path> = folder.ancestors().take_while(|f| !f.exists()).collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder)?;
            self.folders.push(folder.to_owned());
        }
        Ok(())
    }

    /// Puts everything back.
    pub(crate) fn undo(&self) {
        for (path, before) in self.files.iter().rev() {
            // There is nobody left to tell about a failure to undo; what could be put back is.
            let _ = match before {
                Some(bytes) => fs::write(path, bytes),
                None => fs::remove_file(path),
            };
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

fn stage(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let write = || -> io::Result<()> {
        let mut file = fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        if let Ok(before) = fs::metadata(path) {
            fs::set_permissions(&temporary, before.permissions())?;
        }
        Ok(())
    };
    write().inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })?;
    Ok(temporary)
}

fn discard(staged: &[PathBuf]) {
    for path in staged {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("limbeck-files-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder");
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn all_are_written_and_can_be_undone() {
        let folder = folder("all");
        fs::write(folder.join("a"), "old").expect("a file");
        let mut files = Files::default();
        files.write(folder.join("a"), "new");
        files.write(folder.join("b/c"), "new");
        let written = files.commit().expect("it can be written");
        assert_eq!(fs::read_to_string(folder.join("a")).expect("a"), "new");
        assert_eq!(names(&folder), ["a", "b"]);
        written.undo();
        assert_eq!(fs::read_to_string(folder.join("a")).expect("a"), "old");
        assert_eq!(names(&folder), ["a"]);
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn one_that_cannot_be_written_leaves_all_as_it_was() {
        let folder = folder("none");
        fs::write(folder.join("a"), "old").expect("a file");
        fs::create_dir(folder.join("taken")).expect("a folder");
        let mut files = Files::default();
        files.write(folder.join("a"), "new");
        files.write(folder.join("b/c"), "new");
        // A folder cannot be replaced by a file.
        files.write(folder.join("taken"), "new");
        let failure = files.commit().expect_err("a folder is in the way");
        assert!(failure.what.contains("taken"), "{failure:?}");
        assert_eq!(fs::read_to_string(folder.join("a")).expect("a"), "old");
        assert_eq!(names(&folder), ["a", "taken"]);
        fs::remove_dir_all(folder).expect("removed");
    }
}
