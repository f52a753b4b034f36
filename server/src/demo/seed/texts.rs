//! Who the demonstration's shops are and what is said there. All of it is invented; addresses end in
//! `.example`, which belongs to nobody.

/// A person of a team.
#[derive(Debug)]
pub(super) struct Colleague {
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    pub(super) admin: bool,
}

/// A business.
#[derive(Debug)]
pub(super) struct Shop {
    pub(super) name: &'static str,
    pub(super) timezone: &'static str,
    pub(super) channel: &'static str,
    pub(super) seed: u64,
    pub(super) people: usize,
    pub(super) talks: usize,
    /// The group that a first campaign goes to: exactly 200 people.
    pub(super) group: &'static str,
    pub(super) team: &'static [Colleague],
}

pub(super) const SHOPS: [Shop; 2] = [
    Shop {
        name: "Casa Aurora",
        timezone: "America/Sao_Paulo",
        channel: "Shop",
        seed: 0x00A0_0201,
        people: 2_000,
        talks: 60,
        group: "Autumn boxes",
        team: &[
            Colleague { name: "Ana Ribeiro", email: "ana@aurora.example", admin: true },
            Colleague { name: "Tomás Oliveira", email: "tomas@aurora.example", admin: false },
            Colleague { name: "Mei Tanaka", email: "mei@aurora.example", admin: false },
        ],
    },
    Shop {
        name: "Blue Harbor Supplies",
        timezone: "Europe/London",
        channel: "Orders",
        seed: 0x00A0_0202,
        people: 240,
        talks: 12,
        group: "Harbour friends",
        team: &[
            Colleague { name: "Owen Clarke", email: "owen@harbor.example", admin: true },
            Colleague { name: "Priya Nair", email: "priya@harbor.example", admin: false },
        ],
    },
];

/// Other groups, and how many of a hundred people are in each.
pub(super) const GROUPS: [(&str, &str, u64); 4] = [
    ("Newsletter", "Asked for news at the counter", 35),
    ("Wholesale", "Buy for their own shops", 6),
    ("Workshops", "Come to the evening courses", 12),
    ("Waiting list", "Want the large lamp", 3),
];

pub(super) const TAGS: [&str; 9] =
    ["vip", "wholesale", "new", "returning", "complaint", "birthday", "local", "online", "refund"];

pub(super) const QUICK_REPLIES: [(&str, &str, &str); 5] = [
    ("hello", "Welcome", "Hello {{name}}, thank you for writing to us. How can we help?"),
    ("hours", "Opening hours", "We are open from Monday to Saturday, nine to six."),
    ("address", "Address", "You find us at 12 Market Lane, right beside the fountain."),
    (
        "delivery",
        "Delivery",
        "Orders placed before noon leave the same day and arrive within three days.",
    ),
    ("return", "Returns", "You may return anything within 30 days. Shall I send you the label?"),
];

/// One line of a talk: `<` the customer, `>` the shop, `#` a note for the team.
pub(super) type Line = (char, &'static str);

pub(super) const TALKS: [&[Line]; 16] = [
    &[
        ('<', "Hi! Is the oak side table still available?"),
        ('>', "Good morning! Yes, two are left."),
        ('<', "Great, could you keep one for me until Friday?"),
        ('>', "Done, it carries your name. See you on Friday!"),
        ('<', "You are the best, thank you 🙏"),
    ],
    &[
        ('<', "My parcel says delivered, but nothing is here."),
        ('>', "I am sorry to hear that. I am asking the courier now."),
        ('#', "Courier says: left with the neighbour at number 14."),
        ('>', "It was left with your neighbour at number 14. Could you have a look?"),
        ('<', "Found it. Sorry for the trouble!"),
    ],
    &[
        ('<', "Boa tarde! Vocês entregam em Campinas?"),
        ('>', "Boa tarde! Entregamos sim, em até três dias úteis."),
        ('<', "Perfeito, e qual o valor do frete?"),
    ],
    &[
        ('<', "Hola, quería cambiar la talla de mi pedido."),
        ('>', "¡Claro! ¿Qué talla necesita?"),
        ('<', "La 40, por favor."),
        ('>', "Cambiado. Sale mañana por la mañana."),
    ],
    &[
        ('<', "مرحبا، هل المصباح الأزرق متوفر؟"),
        ('>', "أهلاً بك! نعم، متوفر باللونين الأزرق والأبيض."),
        ('<', "ممتاز، أريد واحداً باللون الأزرق من فضلك."),
    ],
    &[
        ('<', "नमस्ते, मेरा ऑर्डर कब तक आएगा?"),
        ('>', "नमस्ते! आपका ऑर्डर कल शाम तक पहुँच जाएगा।"),
        ('<', "धन्यवाद, बहुत अच्छा।"),
    ],
    &[
        ('<', "Bonjour, proposez-vous des ateliers le samedi ?"),
        ('>', "Bonjour ! Oui, le prochain a lieu samedi à 14 h."),
        ('<', "Deux places pour ma fille et moi, s'il vous plaît."),
    ],
    &[
        ('<', "Guten Tag, die Lampe flackert seit gestern."),
        ('>', "Das tut mir leid. Ist es die Leuchte mit dem Messingfuß?"),
        ('<', "Genau die. Rechnung habe ich noch."),
        ('#', "Third one of this batch. Tell the workshop."),
    ],
    &[
        ('<', "Halo, apakah bisa kirim ke Bandung?"),
        ('>', "Halo! Bisa, ongkirnya dua puluh ribu."),
        ('<', "Oke, saya pesan dua ya."),
    ],
    &[('<', "Do you have gift cards?")],
    &[
        ('<', "I would like to order forty chairs for a restaurant. Who can I talk to?"),
        ('>', "That would be our wholesale team. May I call you this afternoon?"),
        ('<', "Any time after three."),
        ('#', "Call before four. Last year they bought for two restaurants."),
    ],
    &[
        ('<', "The blue one or the white one? Can't decide 😅"),
        ('>', "The blue one is the one people come back for."),
        ('<', "Blue it is then!"),
    ],
    &[
        ('<', "Can I pay on delivery?"),
        ('>', "In the city yes, elsewhere by card or transfer."),
        ('<', "Card is fine."),
        ('>', "Thank you! Your order is confirmed."),
    ],
    &[
        ('<', "This is the second time the box arrived open. I am not happy."),
        ('#', "Regular customer. Be generous."),
        ('>', "You are right, and I am sorry. A new one leaves today, at our cost."),
    ],
    &[
        ('<', "What are your hours on the 24th?"),
        ('>', "We close at two that day. Everything else as usual."),
    ],
    &[
        ('<', "Just wanted to say that the quilt is wonderful. My mother cried."),
        ('>', "That made our whole day. Thank you for telling us!"),
        ('<', "❤️"),
    ],
];
