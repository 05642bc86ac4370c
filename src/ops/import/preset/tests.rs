//! Rules of presets.
