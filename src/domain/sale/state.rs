//! The states of quotes, orders and shipments.

/// Where a quote stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteStatus {
    /// Still written.
    Draft,
    /// The customer has it.
    Sent,
    /// The customer said yes.
    Accepted,
    /// The customer said no.
    Rejected,
    /// Nobody said anything in time.
    Expired,
    /// A later version took its place, or it was a mistake.
    Void,
}

impl QuoteStatus {
    /// All of them.
    pub const ALL: [QuoteStatus; 6] = [
        QuoteStatus::Draft,
        QuoteStatus::Sent,
        QuoteStatus::Accepted,
        QuoteStatus::Rejected,
        QuoteStatus::Expired,
        QuoteStatus::Void,
    ];

    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            QuoteStatus::Draft => "draft",
            QuoteStatus::Sent => "sent",
            QuoteStatus::Accepted => "accepted",
            QuoteStatus::Rejected => "rejected",
            QuoteStatus::Expired => "expired",
            QuoteStatus::Void => "void",
        }
    }

    /// The one named by `word`.
    pub fn parse(word: &str) -> Option<QuoteStatus> {
        QuoteStatus::ALL.into_iter().find(|status| status.name() == word)
    }

    /// What may come next by somebody's word. Whatever was sent expires by itself.
    pub fn allowed(self) -> &'static [QuoteStatus] {
        use QuoteStatus::{Accepted, Draft, Expired, Rejected, Sent, Void};
        match self {
            Draft => &[Sent, Accepted, Rejected, Void],
            Sent => &[Accepted, Rejected, Void],
            // A customer may come back to what has run out or was refused.
            Expired => &[Sent, Accepted, Rejected, Void],
            Rejected => &[Draft, Sent, Accepted, Void],
            Accepted => &[Draft, Sent, Void],
            Void => &[Draft],
        }
    }

    /// Whether somebody has said, or done, what becomes of it.
    pub fn is_decided(self) -> bool {
        matches!(
            self,
            QuoteStatus::Accepted | QuoteStatus::Rejected | QuoteStatus::Void
        )
    }
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStatus {
    /// Still written; nothing is owed.
    Draft,
    /// Both sides are bound; the rate to the base currency is frozen.
    Confirmed,
    /// Somebody works on it.
    Processing,
    /// Done.
    Completed,
    /// Nothing came of it.
    Cancelled,
    /// What was delivered came back.
    Returned,
}

impl OrderStatus {
    /// All of them.
    pub const ALL: [OrderStatus; 6] = [
        OrderStatus::Draft,
        OrderStatus::Confirmed,
        OrderStatus::Processing,
        OrderStatus::Completed,
        OrderStatus::Cancelled,
        OrderStatus::Returned,
    ];

    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            OrderStatus::Draft => "draft",
            OrderStatus::Confirmed => "confirmed",
            OrderStatus::Processing => "processing",
            OrderStatus::Completed => "completed",
            OrderStatus::Cancelled => "cancelled",
            OrderStatus::Returned => "returned",
        }
    }

    /// The one named by `word`.
    pub fn parse(word: &str) -> Option<OrderStatus> {
        OrderStatus::ALL.into_iter().find(|status| status.name() == word)
    }

    /// What may come next.
    pub fn allowed(self) -> &'static [OrderStatus] {
        use OrderStatus::{Cancelled, Completed, Confirmed, Draft, Processing, Returned};
        match self {
            Draft => &[Confirmed, Cancelled],
            Confirmed => &[Processing, Completed, Cancelled],
            Processing => &[Completed, Cancelled, Returned],
            Completed => &[Returned],
            Cancelled => &[Draft],
            Returned => &[],
        }
    }

    /// Whether the customer owes, or owed, what the order comes to.
    pub fn counts(self) -> bool {
        matches!(
            self,
            OrderStatus::Confirmed | OrderStatus::Processing | OrderStatus::Completed
        )
    }
}

/// Where a shipment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShipmentStatus {
    /// Still here.
    Preparing,
    /// With the carrier.
    Shipped,
    /// On its way, as the carrier says.
    InTransit,
    /// Arrived.
    Delivered,
    /// Something went wrong.
    Exception,
    /// It came back.
    Returned,
}

impl ShipmentStatus {
    /// All of them.
    pub const ALL: [ShipmentStatus; 6] = [
        ShipmentStatus::Preparing,
        ShipmentStatus::Shipped,
        ShipmentStatus::InTransit,
        ShipmentStatus::Delivered,
        ShipmentStatus::Exception,
        ShipmentStatus::Returned,
    ];

    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            ShipmentStatus::Preparing => "preparing",
            ShipmentStatus::Shipped => "shipped",
            ShipmentStatus::InTransit => "in_transit",
            ShipmentStatus::Delivered => "delivered",
            ShipmentStatus::Exception => "exception",
            ShipmentStatus::Returned => "returned",
        }
    }

    /// The one named by `word`.
    pub fn parse(word: &str) -> Option<ShipmentStatus> {
        ShipmentStatus::ALL
            .into_iter()
            .find(|status| status.name() == word)
    }

    /// What may come next.
    pub fn allowed(self) -> &'static [ShipmentStatus] {
        use ShipmentStatus::{Delivered, Exception, InTransit, Preparing, Returned, Shipped};
        match self {
            Preparing => &[Shipped],
            Shipped => &[InTransit, Delivered, Exception, Returned],
            InTransit => &[Delivered, Exception, Returned],
            Exception => &[Shipped, InTransit, Delivered, Returned],
            Delivered => &[Returned],
            Returned => &[],
        }
    }
}

/// How far an order is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FulfilmentStatus {
    /// Nothing has left.
    Unfulfilled,
    /// A part has left.
    PartiallyShipped,
    /// All has left.
    Shipped,
    /// All has arrived.
    Delivered,
    /// Something is lost on its way.
    Failed,
    /// All that had left came back.
    Returned,
}

impl FulfilmentStatus {
    /// All of them.
    pub const ALL: [FulfilmentStatus; 6] = [
        FulfilmentStatus::Unfulfilled,
        FulfilmentStatus::PartiallyShipped,
        FulfilmentStatus::Shipped,
        FulfilmentStatus::Delivered,
        FulfilmentStatus::Failed,
        FulfilmentStatus::Returned,
    ];

    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            FulfilmentStatus::Unfulfilled => "unfulfilled",
            FulfilmentStatus::PartiallyShipped => "partially_shipped",
            FulfilmentStatus::Shipped => "shipped",
            FulfilmentStatus::Delivered => "delivered",
            FulfilmentStatus::Failed => "failed",
            FulfilmentStatus::Returned => "returned",
        }
    }
}

/// A shipment, as far as it tells how an order is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipment {
    /// Where it is.
    pub status: ShipmentStatus,
    /// How much is in it, in thousandths.
    pub quantity: i64,
}

/// How far an order is delivered of which `ordered` thousandths have to be sent.
pub fn fulfilment(ordered: i64, shipments: &[Shipment]) -> FulfilmentStatus {
    let sum = |wanted: &[ShipmentStatus]| -> i64 {
        shipments
            .iter()
            .filter(|shipment| wanted.contains(&shipment.status))
            .map(|shipment| shipment.quantity)
            .sum()
    };
    let arrived = sum(&[ShipmentStatus::Delivered]);
    let lost = sum(&[ShipmentStatus::Exception]);
    let away = arrived + sum(&[ShipmentStatus::Shipped, ShipmentStatus::InTransit]);
    let back = sum(&[ShipmentStatus::Returned]);
    if lost > 0 {
        FulfilmentStatus::Failed
    } else if back > 0 && away == 0 {
        FulfilmentStatus::Returned
    } else if away == 0 {
        FulfilmentStatus::Unfulfilled
    } else if away < ordered {
        FulfilmentStatus::PartiallyShipped
    } else if arrived >= ordered {
        FulfilmentStatus::Delivered
    } else {
        FulfilmentStatus::Shipped
    }
}
