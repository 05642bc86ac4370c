//! Where refused rows go: one file for one file; for several, one file that names them, or a folder with one for each.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use crm::error::{Error, Result};
use crm::ops::import::verdict::{Judged, Origin};
use crm::wire::rejects::RejectsWriter;

type Rejects = RejectsWriter<BufWriter<File>>;

/// The refused rows of an import.
pub(super) enum Errors {
    /// All in one file.
    One(Rejects),
    /// A file for every file that has any, by the same name, so that the folder can be imported once it is mended.
    Folder {
        path: PathBuf,
        /// The file that is being imported, with its columns.
        file: String,
        columns: Option<Vec<String>>,
        writer: Option<Rejects>,
    },
}

impl Errors {
    /// For several files: into the folder `path`, if it is one or is written like one, else into one file of that name.
    pub(super) fn of_several(path: &Path) -> Result<Errors> {
        let is_folder = path.is_dir() || path.to_string_lossy().ends_with(['/', '\\']);
        if is_folder {
            return Ok(Errors::Folder {
                path: path.to_owned(),
                file: String::new(),
                columns: None,
                writer: None,
            });
        }
        Ok(Errors::One(RejectsWriter::new(
            BufWriter::new(create(path)?),
            None,
        )))
    }

    /// What comes from now on is of this file among several.
    pub(super) fn begin(&mut self, name: &str, header: Option<&[String]>) -> Result<()> {
        match self {
            Errors::One(writer) => writer.set_file(name),
            Errors::Folder {
                file,
                columns,
                writer,
                ..
            } => {
                if let Some(writer) = writer.take() {
                    writer.finish()?;
                }
                name.clone_into(file);
                *columns = header.map(<[String]>::to_vec);
            }
        }
        Ok(())
    }

    /// Keeps a refused row.
    pub(super) fn write(&mut self, row: &Judged<'_>) -> Result<()> {
        let writer = match self {
            Errors::One(writer) => writer,
            Errors::Folder {
                path,
                file,
                columns,
                writer,
            } => match writer {
                Some(writer) => writer,
                None => {
                    let path = path.join(&*file);
                    if let Some(folder) = path.parent() {
                        fs::create_dir_all(folder)
                            .map_err(|error| Error::from(error).context(folder.display()))?;
                    }
                    let new = RejectsWriter::new(BufWriter::new(create(&path)?), columns.as_deref());
                    writer.insert(new)
                }
            },
        };
        match row.origin {
            Origin::Row(origin) => writer.write_row(origin, row.field, row.reason),
            Origin::Broken(error) => writer.write_error(error),
        }
    }

    /// Hands everything on to the disk.
    pub(super) fn finish(self) -> Result<()> {
        match self {
            Errors::One(writer)
            | Errors::Folder {
                writer: Some(writer), ..
            } => writer.finish().map(drop),
            Errors::Folder { writer: None, .. } => Ok(()),
        }
    }
}

/// Makes a file for refused rows.
pub(super) fn create(path: &Path) -> Result<File> {
    File::create(path).map_err(|error| Error::from(error).context(path.display()))
}
