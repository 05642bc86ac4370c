//! What is answered to a submission, as programs read it.

use serde_json::{Value as Json, json};

use super::payload;

/// Whom a submission is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The ref.
    pub reference: String,
    /// The name.
    pub name: String,
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The file in which it came; none where a body came by itself.
    pub file: Option<String>,
    /// The line of the body on which it begins; none where there is no body.
    pub line: Option<u64>,
    /// Its number; none if it was only tried.
    pub submission: Option<i64>,
    /// The word for what became of it.
    pub outcome: &'static str,
    /// Whom it is about.
    pub customer: Option<Person>,
    /// Who looks after them; empty for nobody.
    pub owner: String,
    /// The ref of the task that it made; empty for none.
    pub task: String,
    /// What its sender confirms the address with.
    pub token: Option<String>,
    /// What is wrong with it: fields and reasons.
    pub faults: Vec<(String, String)>,
    /// Names in it that the form does not know.
    pub unknown: Vec<String>,
    /// Whether it was there already.
    pub repeated: bool,
}

impl Reply {
    /// Whether it was refused.
    pub fn is_refused(&self) -> bool {
        self.outcome == "rejected"
    }

    /// All keys are always there; what is not known is null.
    pub fn json(&self) -> Json {
        let text = |text: &str| match text {
            "" => Json::Null,
            text => Json::from(text),
        };
        let person = |person: &Person| json!({"id": person.reference, "name": person.name});
        json!({
            "file": self.file,
            "line": self.line,
            "submission": self.submission,
            "accepted": !self.is_refused(),
            "outcome": self.outcome,
            "customer": self.customer.as_ref().map(person),
            "owner": text(&self.owner),
            "task": text(&self.task),
            "token": self.token,
            "errors": payload::errors_json(&self.faults),
            "unknown": self.unknown,
            "repeated": self.repeated,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_there() {
        let reply = Reply {
            file: None,
            line: Some(3),
            submission: None,
            outcome: "rejected",
            customer: None,
            owner: String::new(),
            task: String::new(),
            token: None,
            faults: vec![("email".to_owned(), "it has no @".to_owned())],
            unknown: Vec::new(),
            repeated: false,
        };
        assert_eq!(
            reply.json().to_string(),
            r#"{"file":null,"line":3,"submission":null,"accepted":false,"outcome":"rejected","customer":null,"owner":null,"task":null,"token":null,"errors":[{"field":"email","reason":"it has no @"}],"unknown":[],"repeated":false}"#
        );
    }
}
