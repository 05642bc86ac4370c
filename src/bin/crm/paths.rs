//! Where the program's files are. Nothing here reads the environment or touches a disk: both are told to it.

use std::path::{Component, Path, PathBuf};

use crm::error::{Error, Kind, Result};

/// The folder of the program in each of the system's folders.
const FOLDER: &str = "crm";

/// What the environment and the command line say. A variable that is set and empty counts as not set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    /// The home folder.
    pub(crate) home: Option<PathBuf>,
    /// Where programs keep data, `$XDG_DATA_HOME` or the system's own.
    pub(crate) data: Option<PathBuf>,
    /// Where programs keep settings, `$XDG_CONFIG_HOME` or the system's own.
    pub(crate) config: Option<PathBuf>,
    /// Where programs keep state, `$XDG_STATE_HOME`; not every system has one.
    pub(crate) state: Option<PathBuf>,
    /// The working folder.
    pub(crate) current: Option<PathBuf>,
    /// `--db`.
    pub(crate) base_flag: Option<PathBuf>,
    /// `CRM_DB`.
    pub(crate) base_variable: Option<PathBuf>,
    /// `CRM_CONFIG`.
    pub(crate) config_variable: Option<PathBuf>,
}

/// Who said where the base is; a base that was named has to be there, the default one need not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// `--db`.
    Flag,
    /// `CRM_DB`.
    Variable,
    /// The settings file.
    Config,
    /// Nobody.
    Default,
}

impl Said {
    /// Whether somebody named the base.
    pub(crate) fn is_named(self) -> bool {
        self != Said::Default
    }
}

/// The files of the program. Each is asked for by itself, so that a machine without a home folder can still work
/// with a base that is named.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    environment: Environment,
}

impl Paths {
    /// The paths in this environment.
    pub(crate) fn new(mut environment: Environment) -> Paths {
        for path in [
            &mut environment.home,
            &mut environment.data,
            &mut environment.config,
            &mut environment.state,
            &mut environment.base_variable,
            &mut environment.config_variable,
        ] {
            path.take_if(|path| path.as_os_str().is_empty());
        }
        Paths { environment }
    }

    /// The settings file: `CRM_CONFIG`, else `crm/config.toml` in the folder of settings.
    ///
    /// # Errors
    ///
    /// The folder is not known.
    pub(crate) fn config(&self) -> Result<PathBuf> {
        if let Some(path) = &self.environment.config_variable {
            return self.absolute(path);
        }
        let folder = self.folder(self.environment.config.as_ref(), ".config", "the settings file")?;
        Ok(folder.join("config.toml"))
    }

    /// The base, and who said so: `--db`, else `CRM_DB`, else the settings file (`configured`, as written there),
    /// else `crm/crm.db` in the folder of data.
    ///
    /// # Errors
    ///
    /// `--db` is empty, or a folder that is needed is not known.
    pub(crate) fn base(&self, configured: Option<&str>) -> Result<(PathBuf, Said)> {
        if let Some(path) = &self.environment.base_flag {
            if path.as_os_str().is_empty() {
                return Err(Error::usage("the path of the base is empty"));
            }
            return Ok((self.absolute(path)?, Said::Flag));
        }
        if let Some(path) = &self.environment.base_variable {
            return Ok((self.absolute(path)?, Said::Variable));
        }
        match configured {
            Some(path) => Ok((self.configured(path)?, Said::Config)),
            None => Ok((self.data("the base")?.join("crm.db"), Said::Default)),
        }
    }

    /// The base of the demo: `--db`, else `crm/demo.db` in the folder of data. Nothing else can name it, so that a
    /// demo never falls on work.
    ///
    /// # Errors
    ///
    /// As for [`Paths::base`].
    pub(crate) fn demo(&self) -> Result<PathBuf> {
        match &self.environment.base_flag {
            Some(_) => self.base(None).map(|(path, _)| path),
            None => Ok(self.data("the base of the demo")?.join("demo.db")),
        }
    }

    /// The folder of what is remembered between runs, `crm` in the folder of state; with the data where the
    /// system has none.
    ///
    /// # Errors
    ///
    /// The folder is not known.
    pub(crate) fn state(&self) -> Result<PathBuf> {
        let known = self.environment.state.as_ref();
        let known = known.or(match self.environment.home {
            Some(_) => None,
            None => self.environment.data.as_ref(),
        });
        self.folder(known, ".local/state", "the folder of state")
    }

    /// The folder of the backups of `base`: `backups` beside it, so that they are on the same disk, under the same
    /// rights, and found by whoever finds the base.
    pub(crate) fn backups(base: &Path) -> PathBuf {
        base.with_file_name("backups")
    }

    /// The folder of the files that were copied beside `base`: `crm.files` beside `crm.db`.
    pub(crate) fn files(base: &Path) -> PathBuf {
        base.with_extension("files")
    }

    fn data(&self, what: &str) -> Result<PathBuf> {
        self.folder(self.environment.data.as_ref(), ".local/share", what)
    }

    /// The program's folder in a known folder, or in the usual one under the home folder.
    fn folder(&self, known: Option<&PathBuf>, usual: &str, what: &str) -> Result<PathBuf> {
        let folder = match (known, &self.environment.home) {
            (Some(known), _) => known.clone(),
            (None, Some(home)) => home.join(usual),
            (None, None) => return Err(no_home(what)),
        };
        Ok(folder.join(FOLDER))
    }

    /// A path of the settings file: `~` is the home folder, and a relative path starts at the file's folder.
    fn configured(&self, path: &str) -> Result<PathBuf> {
        if let Some(rest) = path.strip_prefix('~')
            && (rest.is_empty() || rest.starts_with('/'))
        {
            let home = self.environment.home.as_ref().ok_or_else(|| no_home(path))?;
            return Ok(tidy(&home.join(rest.trim_start_matches('/'))));
        }
        if Path::new(path).is_absolute() {
            return Ok(tidy(Path::new(path)));
        }
        Ok(tidy(&self.config()?.with_file_name(path)))
    }

    /// A path of the command line or the environment, from the working folder.
    fn absolute(&self, path: &Path) -> Result<PathBuf> {
        match &self.environment.current {
            _ if path.is_absolute() => Ok(tidy(path)),
            Some(current) => Ok(tidy(&current.join(path))),
            None => Err(Error::new(
                Kind::Io,
                format!(
                    "{} is relative, and the working folder is not known",
                    path.display()
                ),
            )),
        }
    }
}

fn no_home(what: &str) -> Error {
    Error::new(
        Kind::Usage,
        format!("there is no place for {what}: HOME is not set"),
    )
}

/// The path without `.`; `..` stays, for what it means depends on links.
fn tidy(path: &Path) -> PathBuf {
    path.components()
        .filter(|part| *part != Component::CurDir)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> Environment {
        Environment {
            home: Some("/home/ada".into()),
            current: Some("/work".into()),
            ..Environment::default()
        }
    }

    fn base(environment: Environment, configured: Option<&str>) -> (String, Said) {
        let (path, said) = Paths::new(environment).base(configured).unwrap();
        (path.display().to_string(), said)
    }

    #[test]
    fn files_are_in_the_folders_of_the_system() {
        let paths = Paths::new(home());
        let shown = |path: Result<PathBuf>| path.unwrap().display().to_string();
        assert_eq!(shown(paths.config()), "/home/ada/.config/crm/config.toml");
        assert_eq!(shown(paths.state()), "/home/ada/.local/state/crm");
        assert_eq!(shown(paths.demo()), "/home/ada/.local/share/crm/demo.db");
        assert_eq!(Paths::backups(Path::new("/a/crm.db")), Path::new("/a/backups"));

        let told = Paths::new(Environment {
            data: Some("/data".into()),
            config: Some("/config".into()),
            state: Some("/state".into()),
            ..home()
        });
        assert_eq!(shown(told.config()), "/config/crm/config.toml");
        assert_eq!(shown(told.state()), "/state/crm");
        assert_eq!(shown(told.base(None).map(|(path, _)| path)), "/data/crm/crm.db");
        let own = Environment {
            config_variable: Some("mine.toml".into()),
            ..home()
        };
        assert_eq!(shown(Paths::new(own).config()), "/work/mine.toml");
    }

    #[test]
    fn the_base_is_named_by_flag_variable_settings_or_nobody() {
        let default = "/home/ada/.local/share/crm/crm.db".to_owned();
        assert_eq!(base(home(), None), (default.clone(), Said::Default));
        let cases = [
            ("~/sales/x.db", "/home/ada/sales/x.db"),
            ("~", "/home/ada"),
            ("~bob/x.db", "/home/ada/.config/crm/~bob/x.db"),
            ("./x.db", "/home/ada/.config/crm/x.db"),
            ("/srv/x.db", "/srv/x.db"),
        ];
        for (written, expected) in cases {
            assert_eq!(base(home(), Some(written)), (expected.to_owned(), Said::Config));
        }
        let mut environment = home();
        environment.base_variable = Some("./v.db".into());
        assert_eq!(
            base(environment.clone(), Some("/c.db")),
            ("/work/v.db".to_owned(), Said::Variable)
        );
        environment.base_flag = Some("../f.db".into());
        assert_eq!(
            base(environment.clone(), Some("/c.db")),
            ("/work/../f.db".to_owned(), Said::Flag)
        );
        assert!(Said::Flag.is_named() && !Said::Default.is_named());

        environment.base_flag = None;
        assert_eq!(
            Paths::new(environment.clone()).demo().unwrap(),
            Path::new("/home/ada/.local/share/crm/demo.db")
        );
        environment.base_variable = Some("".into());
        assert_eq!(base(environment.clone(), None), (default, Said::Default));
        environment.base_flag = Some("".into());
        let error = Paths::new(environment).base(None).unwrap_err();
        assert_eq!(
            (error.kind(), error.message()),
            (Kind::Usage, "the path of the base is empty")
        );
    }

    #[test]
    fn without_a_home_a_named_base_still_works() {
        let mut environment = Environment::default();
        let error = Paths::new(environment.clone()).base(None).unwrap_err();
        assert_eq!(
            (error.kind(), error.message()),
            (Kind::Usage, "there is no place for the base: HOME is not set")
        );
        assert!(Paths::new(environment.clone()).config().is_err());
        assert!(Paths::new(environment.clone()).base(Some("~/x.db")).is_err());
        environment.base_flag = Some("x.db".into());
        assert_eq!(
            Paths::new(environment.clone()).base(None).unwrap_err().kind(),
            Kind::Io
        );
        environment.base_flag = Some("/srv/x.db".into());
        assert_eq!(
            base(environment.clone(), None),
            ("/srv/x.db".to_owned(), Said::Flag)
        );
        environment.data = Some("/data".into());
        assert_eq!(Paths::new(environment).state().unwrap(), Path::new("/data/crm"));
    }
}
