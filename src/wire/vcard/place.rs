//! Addresses: the first is the main one, whose parts are fields; further ones have rows of their own.

use crate::domain::country;
use crate::domain::input::Input;
use crate::wire::content;
use crate::wire::content::property::Property;

use super::Understood;

/// The parts of `ADR`, in its order.
struct Address {
    street: String,
    district: String,
    city: String,
    region: String,
    code: String,
    country: String,
}

impl Address {
    fn read(property: &Property, is_own: bool) -> Address {
        let mut parts = content::split(&property.value, ';').into_iter().map(|part| {
            content::texts(part, ',')
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(", ")
        });
        let [pobox, extended, street, city, region, code, country] =
            std::array::from_fn(|_| parts.next().unwrap_or_default());
        let more: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        if is_own {
            let whole = |at: usize| {
                let parts = content::split(&property.value, ';');
                parts
                    .get(at)
                    .map(|part| content::unescape(part))
                    .unwrap_or_default()
            };
            return Address {
                street: whole(2),
                district: whole(1),
                city: whole(3),
                region: whole(4),
                code: whole(5),
                country: whole(6),
            };
        }
        let lines = [street, extended, pobox].into_iter().chain(more);
        let street: Vec<String> = lines
            .flat_map(|line| {
                line.lines()
                    .map(|line| line.trim().to_owned())
                    .collect::<Vec<_>>()
            })
            .filter(|line| !line.is_empty())
            .collect();
        Address {
            street: street.join(", "),
            district: String::new(),
            city,
            region,
            code,
            country,
        }
    }

    fn is_empty(&self) -> bool {
        [
            &self.street,
            &self.district,
            &self.city,
            &self.region,
            &self.code,
            &self.country,
        ]
        .iter()
        .all(|part| part.is_empty())
    }

    fn whole(&self) -> String {
        [
            &self.street,
            &self.district,
            &self.city,
            &self.region,
            &self.code,
            &self.country,
        ]
        .map(|part| part.to_lowercase())
        .join(" ")
    }
}

/// Reads all addresses of a card.
pub(super) fn read(
    properties: &[&Property],
    labels: &dyn Fn(&Property) -> String,
    is_own: bool,
    understood: &mut Understood,
) {
    let mut addresses: Vec<(&Property, Address)> = properties
        .iter()
        .filter(|property| property.name == "ADR")
        .map(|property| (*property, Address::read(property, is_own)))
        .filter(|(_, address)| !address.is_empty())
        .collect();
    addresses.sort_by_key(|(property, _)| super::reach::rank(property));
    let main = addresses.iter().position(|(property, _)| !is_further(property));
    let mut further = Vec::new();
    for (at, (property, address)) in addresses.iter().enumerate() {
        if main == Some(at) {
            understood.give("address", address.street.as_str());
            understood.give("city", address.city.as_str());
            understood.give("region", address.region.as_str());
            understood.give("postal_code", address.code.as_str());
            understood.give("country", address.country.as_str());
            continue;
        }
        let label = labels(property);
        let country = country::parse(&address.country).unwrap_or(&address.country);
        let parts = [
            ("label", label.as_str()),
            ("street", &address.street),
            ("district", &address.district),
            ("city", &address.city),
            ("region", &address.region),
            ("postal_code", &address.code),
            ("country", country),
        ];
        let parts = parts.into_iter().filter(|(_, text)| !text.is_empty());
        further.push(Input::Map(
            parts
                .map(|(name, text)| (name.to_owned(), Input::text(text)))
                .collect(),
        ));
    }
    if !further.is_empty() || is_own {
        understood
            .cells
            .push(("address_details".to_owned(), Input::List(further)));
    }
    // Whoever has more addresses than that has them written out once more.
    let known: Vec<String> = addresses
        .iter()
        .take(50)
        .map(|(_, address)| address.whole())
        .collect();
    for property in properties.iter().filter(|property| is_label(property)) {
        written_out(property, &known, &labels(property), understood);
    }
}

/// True for an address written out, as it stands on an envelope.
pub(super) fn is_label(property: &Property) -> bool {
    matches!(property.name.as_str(), "LABEL" | "X-ABADR")
}

/// Keeps an address that is written out, if it says more than its parts.
fn written_out(property: &Property, known: &[String], label: &str, understood: &mut Understood) {
    let text = property.text();
    let is_code = property.name == "X-ABADR" && text.len() == 2;
    let plain = text.to_lowercase();
    let words: Vec<&str> = plain
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let said = known
        .iter()
        .any(|address| words.iter().all(|word| address.contains(word)));
    if !is_code && !said {
        understood.keep(&property.name, label, &text.replace('\n', ", "));
    }
}

/// True for an address of a card of ours that is not the main one.
fn is_further(property: &Property) -> bool {
    property.first_param(super::PART) == Some(super::FURTHER)
}
