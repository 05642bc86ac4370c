//! The injected clock: one instant and the zone in which a day is a day.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Now, and where. Everything that needs the time takes one of these; nothing asks the system.
#[derive(Debug, Clone)]
pub struct Clock {
    now: Zoned,
}

impl Clock {
    /// A clock that stands at `now` in `zone`.
    pub fn new(now: Timestamp, zone: TimeZone) -> Clock {
        Clock {
            now: now.to_zoned(zone),
        }
    }

    /// The instant.
    pub fn now(&self) -> Timestamp {
        self.now.timestamp()
    }

    /// The instant in milliseconds since 1970, as the base keeps it.
    pub fn now_ms(&self) -> i64 {
        self.now().as_millisecond()
    }

    /// The instant as seen in the zone.
    pub fn zoned(&self) -> &Zoned {
        &self.now
    }

    /// The zone.
    pub fn zone(&self) -> &TimeZone {
        self.now.time_zone()
    }

    /// The current day in the zone.
    pub fn today(&self) -> Date {
        self.now.date()
    }

    /// The day on which `instant` falls in the zone.
    pub fn day_of(&self, instant: Timestamp) -> Date {
        instant.to_zoned(self.zone().clone()).date()
    }
}
