//! Faults on demand, so that tests can see what becomes of the terminal and the base. Builds for people have none.

/// Where something goes wrong that cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// While drawing, once a key was pressed.
    View,
    /// While the model changes by a key.
    Update,
    /// While the base is read.
    Reader,
    /// While the base is written.
    Writer,
    /// While the editor has the terminal.
    Editor,
}

impl Fault {
    /// The fault of this name; none in builds for people.
    pub(crate) fn named(name: Option<&str>) -> Option<Fault> {
        let fault = match name? {
            "view" => Fault::View,
            "update" => Fault::Update,
            "reader" => Fault::Reader,
            "writer" => Fault::Writer,
            "editor" => Fault::Editor,
            _ => return None,
        };
        cfg!(debug_assertions).then_some(fault)
    }

    /// Goes wrong if this is the place.
    pub(crate) fn strike(wanted: Option<Fault>, here: Fault) {
        assert!(wanted != Some(here), "a fault was asked for in {here:?}");
    }
}
