//! Two thousand people with believable names and numbers from all over the world. No number stands twice, and
//! none is one of the simulator's own.

use std::collections::BTreeMap;

use whatsapp_core::{Contact, ContactSource, Email, Phone, Span, Timestamp};

use super::SeedError;
use super::chance::Chance;
use super::texts::TAGS;

/// A country: the beginning of its mobile numbers, how many digits follow, and names from there.
struct Country {
    prefix: &'static str,
    digits: usize,
    city: &'static str,
    first: &'static [&'static str],
    last: &'static [&'static str],
}

const COUNTRIES: [Country; 12] = [
    Country {
        prefix: "+55119",
        digits: 8,
        city: "São Paulo",
        first: &["Beatriz", "Lucas", "Mariana", "Rafael", "Camila", "Pedro", "Larissa", "Thiago"],
        last: &[
            "Almeida",
            "Barbosa",
            "Cardoso",
            "Ferreira",
            "Gonçalves",
            "Moreira",
            "Nascimento",
            "Teixeira",
        ],
    },
    Country {
        prefix: "+55219",
        digits: 8,
        city: "Rio de Janeiro",
        first: &[
            "Juliana",
            "Gustavo",
            "Fernanda",
            "Bruno",
            "Patrícia",
            "Diego",
            "Aline",
            "Vinícius",
        ],
        last: &["Araújo", "Batista", "Correia", "Dias", "Lopes", "Monteiro", "Pinto", "Rocha"],
    },
    Country {
        prefix: "+1415",
        digits: 7,
        city: "San Francisco",
        first: &["Emma", "Noah", "Olivia", "Liam", "Grace", "Ethan", "Chloe", "Mason"],
        last: &["Anderson", "Brooks", "Carter", "Foster", "Hayes", "Morgan", "Parker", "Sullivan"],
    },
    Country {
        prefix: "+447700",
        digits: 6,
        city: "Bristol",
        first: &["Amelia", "Oliver", "Isla", "Harry", "Freya", "Jack", "Poppy", "Arthur"],
        last: &["Bennett", "Cooper", "Davies", "Hughes", "Mitchell", "Price", "Turner", "Walsh"],
    },
    Country {
        prefix: "+3461",
        digits: 7,
        city: "Sevilla",
        first: &["Lucía", "Hugo", "Martina", "Daniel", "Paula", "Álvaro", "Carmen", "Adrián"],
        last: &[
            "Blanco", "Castro", "Delgado", "Iglesias", "Molina", "Navarro", "Ortega", "Serrano",
        ],
    },
    Country {
        prefix: "+3361",
        digits: 7,
        city: "Lyon",
        first: &["Camille", "Louis", "Manon", "Hugo", "Léa", "Jules", "Inès", "Antoine"],
        last: &[
            "Bernard", "Dubois", "Fournier", "Girard", "Laurent", "Mercier", "Rousseau", "Vidal",
        ],
    },
    Country {
        prefix: "+49151",
        digits: 8,
        city: "Leipzig",
        first: &["Hannah", "Lukas", "Mia", "Felix", "Lena", "Jonas", "Klara", "Moritz"],
        last: &[
            "Becker", "Fischer", "Hoffmann", "Krüger", "Lehmann", "Neumann", "Schäfer", "Vogel",
        ],
    },
    Country {
        prefix: "+9198",
        digits: 8,
        city: "Pune",
        first: &["Aarav", "Diya", "Rohan", "Ananya", "Vikram", "Kavya", "Arjun", "Meera"],
        last: &["Bhatt", "Chopra", "Deshpande", "Iyer", "Kulkarni", "Mehta", "Reddy", "Sharma"],
    },
    Country {
        prefix: "+9665",
        digits: 8,
        city: "Jeddah",
        first: &["أحمد", "فاطمة", "خالد", "نورة", "سعد", "ليلى", "عمر", "هند"],
        last: &[
            "الحربي",
            "القحطاني",
            "الشهري",
            "العتيبي",
            "الغامدي",
            "الزهراني",
            "المطيري",
            "الدوسري",
        ],
    },
    Country {
        prefix: "+62812",
        digits: 8,
        city: "Bandung",
        first: &["Budi", "Siti", "Agus", "Dewi", "Rizky", "Putri", "Andi", "Wulan"],
        last: &[
            "Hidayat", "Kusuma", "Lestari", "Nugroho", "Pratama", "Santoso", "Setiawan", "Wijaya",
        ],
    },
    Country {
        prefix: "+5255",
        digits: 8,
        city: "Ciudad de México",
        first: &[
            "Ximena", "Emilio", "Renata", "Santiago", "Regina", "Mateo", "Valeria", "Leonardo",
        ],
        last: &[
            "Aguilar", "Campos", "Escobar", "Fuentes", "Guerrero", "Mendoza", "Salazar", "Velasco",
        ],
    },
    Country {
        prefix: "+23480",
        digits: 8,
        city: "Lagos",
        first: &["Adaeze", "Chinedu", "Folake", "Emeka", "Ngozi", "Tunde", "Amara", "Segun"],
        last: &["Adebayo", "Balogun", "Eze", "Ibrahim", "Nwosu", "Obi", "Okafor", "Olawale"],
    },
];

/// Makes a shop's people, the oldest first.
pub(super) fn make(
    count: usize,
    chance: &Chance,
    now: Timestamp,
) -> Result<Vec<Contact>, SeedError> {
    let mut people = Vec::with_capacity(count);
    for index in 0..count {
        // Spread over two years, evenly, so that the order of ids is the order of the list.
        let age = Span::minutes(i64::try_from((count - index) * 500).unwrap_or(i64::MAX) + 30);
        people.push(person(index, chance, now - age)?);
    }
    Ok(people)
}

fn person(index: usize, chance: &Chance, at: Timestamp) -> Result<Contact, SeedError> {
    let [fallback, ..] = &COUNTRIES;
    let country =
        COUNTRIES.get(index.checked_rem(COUNTRIES.len()).unwrap_or_default()).unwrap_or(fallback);
    let (first, last) = (*chance.pick(country.first, &"Alex"), *chance.pick(country.last, &"Kim"));
    let mut tags: Vec<String> = Vec::new();
    while chance.one_in(2) && tags.len() < 3 {
        tags.push((*chance.pick(&TAGS, &"new")).to_owned());
    }
    let mut fields = BTreeMap::new();
    fields.insert("city".to_owned(), country.city.to_owned());
    if chance.one_in(3) {
        fields.insert("last_order".to_owned(), format!("#{}", 10_000 + chance.below(9_000)));
    }
    let ascii = first.is_ascii() && last.is_ascii();
    let email: Option<Email> = if ascii && chance.one_in(3) {
        Some(format!("{first}.{last}{index}@mail.example").parse()?)
    } else {
        None
    };
    let mut contact = Contact {
        id: chance.id(at),
        name: Some(format!("{first} {last}")),
        phone: Some(number(country, index)?),
        bsuid: None,
        email,
        tags: Vec::new(),
        fields,
        opted_out_at: chance.one_in(40).then_some(at + Span::days(1)),
        source: ContactSource::Seed,
        created_at: at,
        updated_at: at,
    };
    contact.set_tags(tags);
    Ok(contact)
}

/// Steps through all numbers of a country in an order that looks like none: the step has no common factor with
/// a power of ten, so none comes twice.
fn number(country: &Country, index: usize) -> Result<Phone, SeedError> {
    let all = 10_u64.pow(u32::try_from(country.digits).unwrap_or(6));
    let step = 7_919_u64.wrapping_mul(index as u64 + 1).wrapping_add(271_828);
    let digits = step.checked_rem(all).unwrap_or_default();
    Ok(format!("{}{digits:0width$}", country.prefix, width = country.digits).parse()?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_number_stands_twice_and_the_same_people_come_every_time() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let people = make(2_000, &Chance::new(7), now).expect("all are valid");
        let numbers: BTreeSet<_> = people.iter().filter_map(|p| p.phone.clone()).collect();
        assert_eq!(numbers.len(), 2_000);
        assert_eq!(people, make(2_000, &Chance::new(7), now).expect("all are valid"));
    }
}
