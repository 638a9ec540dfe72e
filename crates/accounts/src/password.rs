//! Passwords: what is accepted (NIST SP 800-63B-4, 3.1.1.2) and how they are stored.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use crate::{Problem, random};

/// Fewest characters: what NIST asks of a password that is the only factor. It counts code points, and asks
/// for no particular kinds of them.
pub const MINIMUM: usize = 15;

/// Most bytes. Far above the 64 characters that must be possible; bounds the work of hashing.
pub const MAXIMUM_BYTES: usize = 1024;

/// Characters that must be left once everything predictable is taken away.
const UNPREDICTABLE: usize = 5;

/// Most bytes of one word, and of one text, that an attacker is taken to know; bounds the work of [`check`].
const CONTEXT_WORD: usize = 100;
const CONTEXT_TEXT: usize = 1024;

/// Most words that an attacker is taken to know.
const CONTEXT_WORDS: usize = 16;

/// The name of the product is the first thing that comes to somebody's mind.
const PRODUCT: &str = "muster";

/// What people build long passwords from. A password made of nothing else is among the first to be tried.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "passwd",
    "passw",
    "pass",
    "passphrase",
    "motdepasse",
    "contrasena",
    "wachtwoord",
    "senha",
    "parola",
    "secret",
    "geheim",
    "admin",
    "administrator",
    "root",
    "user",
    "username",
    "login",
    "access",
    "account",
    "welcome",
    "willkommen",
    "bienvenido",
    "bienvenue",
    "benvenuto",
    "changeme",
    "change",
    "default",
    "letmein",
    "hello",
    "hallo",
    "hola",
    "iloveyou",
    "love",
    "princess",
    "sunshine",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "basketball",
    "soccer",
    "master",
    "superman",
    "batman",
    "spiderman",
    "starwars",
    "pokemon",
    "shadow",
    "michael",
    "jordan",
    "jennifer",
    "jessica",
    "charlie",
    "thomas",
    "daniel",
    "hunter",
    "trustno",
    "freedom",
    "whatever",
    "computer",
    "internet",
    "google",
    "facebook",
    "samsung",
    "liverpool",
    "barcelona",
    "realmadrid",
    "chelsea",
    "arsenal",
    "summer",
    "winter",
    "spring",
    "autumn",
    "sommer",
    "herbst",
    "verano",
    "invierno",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "company",
    "business",
    "office",
    "employee",
    "human",
    "resources",
    "personal",
    "company",
    "correct",
    "horse",
    "battery",
    "staple",
    "correcthorsebatterystaple",
    "temporary",
    "temp",
    "test",
    "testing",
    "example",
    "sample",
    "demo",
    "guest",
    "system",
    "server",
    "database",
    "security",
    "this",
    "that",
    "is",
    "my",
    "the",
    "and",
    "for",
    "not",
    "new",
    "please",
    "enter",
    "your",
    "strong",
    "safe",
    "fifteen",
    "characters",
    "long",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eins",
    "zwei",
    "drei",
    "vier",
    "qwerty",
    "qwertz",
    "azerty",
];

/// Orders in which fingers or minds wander.
const WALKS: &[&str] = &[
    "0123456789012345678901234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "qweasdzxc",
];

/// Whether a password may be chosen. `context` is what an attacker knows: names, mail address, company.
pub fn check(password: &str, context: &[&str]) -> Result<(), Problem> {
    // First, so that nothing below has to look at something long.
    if password.len() > MAXIMUM_BYTES {
        let advice = format!("Use at most {MAXIMUM_BYTES} bytes.");
        return Err(Problem::new("password", "too_long", advice));
    }
    if password.chars().count() < MINIMUM {
        let advice =
            format!("Use at least {MINIMUM} characters; a few unrelated words are easy to remember.");
        return Err(Problem::new("password", "too_short", advice));
    }
    if is_predictable(password, context) {
        let advice = "This is easy to guess: it consists of common words, patterns or what is known about you. \
                      Use a few unrelated words.";
        return Err(Problem::new("password", "too_common", advice));
    }
    Ok(())
}

fn is_predictable(password: &str, context: &[&str]) -> bool {
    let text = letters(password);
    if text.is_empty() {
        // Nothing but blanks and punctuation: only different characters count.
        let mut different: Vec<char> = password.chars().collect();
        different.sort_unstable();
        different.dedup();
        return different.len() < UNPREDICTABLE;
    }
    // Said twice, a short password is still a short one.
    if period(&text) <= text.len() / 2 {
        return true;
    }
    let texts = || context.iter().copied().filter(|text| text.len() <= CONTEXT_TEXT);
    // Whole texts first: a company of many words must not crowd out the rest.
    let known: Vec<Vec<char>> = texts()
        .chain(texts().flat_map(|text| text.split(|c: char| !c.is_alphanumeric())))
        .filter(|word| (2..=CONTEXT_WORD).contains(&word.len()))
        .take(CONTEXT_WORDS)
        .map(letters)
        .filter(|word| word.len() >= 2)
        .collect();
    let mut left = 0;
    let mut at = 0;
    while at < text.len() && left < UNPREDICTABLE {
        let rest = &text[at..];
        let words = known.iter().chain(&*COMMON_LETTERS);
        let word = words.filter(|word| starts_with(rest, word)).map(Vec::len).max().unwrap_or(0);
        match word.max(pattern(rest)) {
            0 => {
                left += 1;
                at += 1;
            }
            taken => at += taken,
        }
    }
    left < UNPREDICTABLE
}

/// The shortest length after which a text begins again, in one pass (the prefix function of Knuth, Morris and
/// Pratt).
fn period(text: &[char]) -> usize {
    let mut borders = vec![0; text.len()];
    let mut border = 0;
    for at in 1..text.len() {
        while border > 0 && text[at] != text[border] {
            border = borders[border - 1];
        }
        if text[at] == text[border] {
            border += 1;
        }
        borders[at] = border;
    }
    text.len() - border
}

/// [`COMMON`] and [`PRODUCT`], as they are compared.
static COMMON_LETTERS: LazyLock<Vec<Vec<char>>> =
    LazyLock::new(|| COMMON.iter().copied().chain([PRODUCT]).map(letters).collect());

/// [`WALKS`], forwards and backwards.
static ROWS: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    WALKS.iter().flat_map(|row| [row.chars().collect(), row.chars().rev().collect()]).collect()
});

/// Lower-case letters and digits, and the signs that stand for some of them.
fn letters(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric() || "@$!".contains(*c)).collect()
}

fn starts_with(text: &[char], word: &[char]) -> bool {
    text.len() >= word.len()
        && text.iter().zip(word).all(|(c, letter)| c == letter || stands_for(*c, *letter))
}

/// The usual replacements are the first that a guessing program knows.
fn stands_for(c: char, letter: char) -> bool {
    matches!(
        (c, letter),
        ('0', 'o') | ('1' | '!', 'i' | 'l') | ('3', 'e') | ('4' | '@', 'a') | ('5' | '$', 's') | ('7', 't')
    )
}

/// Length of the run at the beginning that repeats one character or walks along a row, forwards or
/// backwards; 0 if there is none of at least three.
fn pattern(text: &[char]) -> usize {
    let same = text.iter().take_while(|c| **c == text[0]).count();
    let walk = ROWS
        .iter()
        .flat_map(|row| (0..row.len()).map(move |from| &row[from..]))
        .map(|row| text.iter().zip(row).take_while(|(a, b)| a == b).count())
        .max()
        .unwrap_or(0);
    let run = same.max(walk);
    if run >= 3 { run } else { 0 }
}

/// The advice of OWASP for Argon2id: 19 MiB, two passes, one lane.
fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// The form in which a password is stored (PHC). Keeps a core busy for tens of milliseconds.
///
/// # Panics
/// Never for a password that [`check`] accepts.
#[expect(clippy::expect_used, reason = "Argon2 refuses only what is 4 GiB long")]
pub fn hash(password: &str) -> String {
    let salt = random::<16>();
    let hash: PasswordHash =
        argon().hash_password_with_salt(password.as_bytes(), &salt).expect("parameters that Argon2 accepts");
    hash.to_string()
}

/// No password has this hash; comparing with it takes as long as comparing with a real one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whether this is the password that was stored. Takes the same time where none is, so that nobody learns
/// from a clock which accounts exist.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    let matches = PasswordHash::new(stored.unwrap_or(NOBODY))
        .is_ok_and(|hash| argon().verify_password(password.as_bytes(), &hash).is_ok());
    matches && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_predictability_decide_and_nothing_else() {
        let context = ["Analytical Engines Ltd", "Ada", "Lovelace", "ada.lovelace@example.com"];
        for (password, expected) in [
            ("", "too_short"),
            ("Tr0ub4dor&3", "too_short"),
            ("kdjfhgksjdfhgw", "too_short"),
            ("aaaaaaaaaaaaaaaaaaaa", "too_common"),
            ("               ", "too_common"),
            ("...............", "too_common"),
            ("123456789012345", "too_common"),
            ("987654321098765", "too_common"),
            ("abcdefghijklmnop", "too_common"),
            ("qwertyuiopasdfgh", "too_common"),
            ("1qaz2wsx3edc4rfv", "too_common"),
            ("passwordpassword", "too_common"),
            ("Password12345678!", "too_common"),
            ("P@ssw0rd12345678", "too_common"),
            ("xkqzmvw xkqzmvw xkqzmvw", "too_common"),
            ("correct horse battery staple", "too_common"),
            ("Welcome to Muster 2026", "ok"),
            ("Welcome to Muster!", "too_common"),
            ("mustermustermuster1", "too_common"),
            ("analyticalengines2026", "too_common"),
            ("ada.lovelace@example.com", "too_common"),
            ("AdaLovelaceAdaLovelace", "too_common"),
            ("gravel tulip ninety canoe", "ok"),
            ("kdjfhgksjdfhgwq", "ok"),
            ("ein Boot auf der Spree", "ok"),
            ("密码很长很长的一个句子没有人猜到它", "ok"),
        ] {
            let checked = check(password, &context).map_or_else(|problem| problem.code, |()| "ok");
            assert_eq!(checked, expected, "{password:?}");
        }
        assert!(check(&"gravel tulip ".repeat(78)[..1000], &[]).is_err(), "repetition");
        assert_eq!(check(&"äöü".repeat(200), &[]).unwrap_err().code, "too_long");
        let sentence = "gravel tulip ninety canoe walks over seventeen blue fences at dawn";
        assert!(sentence.len() > 64 && check(sentence, &[]).is_ok());
    }

    #[test]
    fn a_hash_is_argon2id_with_its_own_salt_and_is_verified() {
        let stored = hash("gravel tulip ninety canoe");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, hash("gravel tulip ninety canoe"));
        assert!(verify("gravel tulip ninety canoe", Some(&stored)));
        assert!(!verify("gravel tulip ninety canoE", Some(&stored)));
        assert!(!verify("gravel tulip ninety canoe", None));
        assert!(!verify("gravel tulip ninety canoe", Some("garbage")));
        assert!(PasswordHash::new(NOBODY).is_ok(), "else there would be nothing to compare with");
    }
}
