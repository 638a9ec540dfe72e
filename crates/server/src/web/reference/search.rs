//! The search of the reference: paths, docs, fields and the texts they can be.

use engine::Engine;
use registry::{Kind, Member, Version};

use super::view::{own_name, plain, title};
use super::{href, living};
use crate::App;
use crate::web::pages::reference::{Hit, Sought};

/// Something that can be found.
struct Found {
    kind: &'static str,
    path: &'static str,
    /// The id of the element on the page of the resource; empty for the resource itself.
    anchor: String,
    name: String,
    doc: &'static str,
    /// The texts that it can be.
    values: &'static [&'static str],
    since: Option<Version>,
    until: Option<Version>,
    /// How much such things matter.
    weight: u32,
    words: Words,
}

/// What is compared, in small letters.
struct Words {
    name: Vec<String>,
    path: Vec<String>,
    doc: Vec<String>,
    values: Vec<String>,
}

/// Everything in every version.
pub(crate) struct Index(Vec<Found>);

fn index(engine: &'static Engine) -> Index {
    let mut all = Vec::new();
    for entry in engine.catalogue().iter() {
        let resource = entry.resource;
        let mut add = |kind,
                       anchor: String,
                       name: String,
                       doc,
                       values,
                       bounds: (Option<Version>, Option<Version>),
                       weight| {
            let words = Words {
                name: words(&name),
                path: words(resource.path),
                doc: words(doc),
                values: values_of(values),
            };
            let (since, until) = bounds;
            all.push(Found {
                kind,
                path: resource.path,
                anchor,
                name,
                doc,
                values,
                since,
                until,
                weight,
                words,
            });
        };
        add("Resource", String::new(), title(own_name(resource.path)), resource.doc, &[], (None, None), 20);
        for operation in resource.operations {
            let (_, name) = plain(operation.verb);
            let bounds = (operation.since, operation.until);
            let called = format!("{} {}", title(name), own_name(resource.path).replace('_', " "));
            add("Operation", name.to_owned(), called, "", &[], bounds, 12);
        }
        for action in &entry.actions {
            let bounds = (action.since, action.until);
            add("Operation", action.name.to_owned(), title(action.name), action.doc, &[], bounds, 14);
            for member in action.input {
                let anchor = format!("{}-{}", action.name, member.name).replace("[]", "");
                let bounds = (later(action.since, member.since), action.until.or(member.until));
                add("Member", anchor, member.name.to_owned(), member.doc, texts(&member.kind), bounds, 6);
            }
        }
        for field in resource.fields {
            if field.role != registry::Role::Input {
                members(&field.member, "", &mut |member, within| {
                    let anchor = format!("field-{within}{}", member.name);
                    let bounds = (member.since, member.until);
                    let name = format!("{within}{}", member.name);
                    add("Field", anchor, name, member.doc, texts(&member.kind), bounds, 10);
                });
            } else if let Some((verb, input)) =
                field.create.map(|i| ("create", i)).or(field.update.map(|i| ("update", i)))
            {
                let anchor = format!("{verb}-{}", input.name.trim_end_matches("[]"));
                let doc = field.member.doc;
                add(
                    "Member",
                    anchor,
                    input.name.to_owned(),
                    doc,
                    texts(&input.kind),
                    (input.since, input.until),
                    6,
                );
            }
        }
        let mut seen = Vec::new();
        for filter in resource.filters {
            if !seen.contains(&filter.name)
                && !["page", "limit", "after_id", "before_id"].contains(&filter.name)
            {
                seen.push(filter.name);
                let anchor = format!("list-{}", filter.name.trim_end_matches("[]"));
                let bounds = (filter.since, filter.until);
                add("Parameter", anchor, filter.name.to_owned(), filter.doc, texts(&filter.kind), bounds, 5);
            }
        }
        for (event, ..) in entry.event_types() {
            add("Event", "events".to_owned(), event, "", &[], (None, None), 8);
        }
    }
    Index(all)
}

fn later(one: Option<Version>, other: Option<Version>) -> Option<Version> {
    one.max(other)
}

/// A member and those nested in it, with what they are within.
fn members(member: &'static Member, within: &str, add: &mut impl FnMut(&'static Member, &str)) {
    add(member, within);
    let (object, inner) = match member.kind {
        Kind::Object(inner) => (true, inner),
        Kind::List(Kind::Object(inner)) => (true, *inner),
        _ => (false, &[][..]),
    };
    if object {
        let within = format!("{within}{}.", member.name);
        for member in inner {
            members(member, &within, add);
        }
    }
}

fn texts(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Kind::Choice(texts) => texts,
        Kind::List(item) => texts(item),
        _ => &[],
    }
}

fn values_of(values: &[&str]) -> Vec<String> {
    values.iter().flat_map(|text| [vec![text.to_lowercase()], words(text)].concat()).collect()
}

fn words(text: &str) -> Vec<String> {
    let split = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    split.map(str::to_lowercase).collect()
}

/// `leaves` is found by `leave`, and the other way round.
fn stem(word: &str) -> &str {
    let stem = word.strip_suffix('s').unwrap_or(word);
    if stem.len() < 3 { word } else { stem }
}

/// How well a word fits the best of some.
fn fit(word: &str, all: &[String], whole: u32, start: u32, part: u32) -> u32 {
    let one = |known: &String| {
        if known == word || stem(known) == stem(word) {
            whole
        } else if known.starts_with(stem(word)) {
            start
        } else if word.len() > 2 && known.contains(word) {
            part
        } else {
            0
        }
    };
    all.iter().map(one).max().unwrap_or(0)
}

/// How well something fits all words; nothing where one of them is nowhere, unless `any` will do.
fn score(found: &Found, words: &[String], any: bool) -> u32 {
    let mut sum = 0;
    for word in words {
        let name = fit(word, &found.words.name, 60, 35, 12);
        let values = fit(word, &found.words.values, 45, 25, 5);
        let path = fit(word, &found.words.path, 25, 14, 4);
        let doc = fit(word, &found.words.doc, 14, 8, 0);
        let best = name.max(values).max(path).max(doc);
        // What it is called and what it means count together.
        sum += match best {
            0 if any => 0,
            0 => return 0,
            _ => best + (name + values + path + doc - best) / 4,
        };
    }
    let names = found.words.name.len().max(1);
    let exact = found.words.name.len() == words.len()
        && found.words.name.iter().zip(words).all(|(known, word)| stem(known) == stem(word));
    if sum == 0 {
        return 0;
    }
    // A short name that fits says more than a long one.
    sum + found.weight + if exact { 60 } else { 0 } + 12 / u32::try_from(names).unwrap_or(12)
}

/// What fits a query in a version, best first, and how much there is in all.
pub(super) fn find(app: &App, query: &str, version: Version, most: usize) -> (Vec<Hit>, usize) {
    let living: Vec<_> = living(app.engine, version).map(|entry| entry.resource.path).collect();
    let index = app.index.get_or_init(|| index(app.engine));
    let sought = words(query);
    let path = query.trim().trim_matches('/').to_lowercase();
    let ranked = |any: bool| {
        let fits = index.0.iter().filter(|found| {
            living.binary_search(&found.path).is_ok()
                && found.since.is_none_or(|since| since <= version)
                && found.until.is_none_or(|until| version <= until)
        });
        let scored = fits.map(|found| {
            let named = found.anchor.is_empty() && found.path == path;
            (score(found, &sought, any) + if named { 1000 } else { 0 }, found)
        });
        let mut scored: Vec<_> = scored.filter(|(score, _)| *score > 0).collect();
        scored.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.path.cmp(b.path)));
        scored
    };
    let mut scored = ranked(false);
    if scored.is_empty() && sought.len() > 1 {
        scored = ranked(true);
    }
    let total = scored.len();
    let hit = |found: &Found| {
        let page = href(found.path, version);
        let texts: Vec<_> = found
            .values
            .iter()
            .filter(|text| sought.iter().any(|word| text.to_lowercase().contains(word.as_str())))
            .map(|text| format!("`{text}`"))
            .collect();
        let doc = match (found.doc, texts.is_empty()) {
            (doc, true) => doc.to_owned(),
            (doc, false) => format!("{doc} Can be {}.", texts.join(", ")).trim_start().to_owned(),
        };
        Hit {
            kind: found.kind,
            href: if found.anchor.is_empty() { page } else { format!("{page}#{}", found.anchor) },
            name: found.name.clone(),
            of: found.path.to_owned(),
            doc,
        }
    };
    (scored.into_iter().take(most).map(|(_, found)| hit(found)).collect(), total)
}

/// Answers to what people often ask; all of them where nothing in particular is asked.
pub(super) fn answers(engine: &'static Engine, query: &str, version: Version) -> Vec<Sought> {
    let living: Vec<_> = living(engine, version).map(|entry| entry.resource).collect();
    let sought = words(query);
    let fits = |known: &registry::Sought| {
        let known: Vec<_> = words(known.what).into_iter().chain(words(known.words)).collect();
        let hears = |word: &String| known.iter().any(|known| stem(known) == stem(word));
        // Short words that only join others say nothing.
        let mut telling = sought.iter().filter(|word| word.len() > 2).peekable();
        sought.is_empty() || (telling.peek().is_some() && telling.all(hears))
    };
    let answer = |known: &registry::Sought| Sought {
        what: known.what,
        answer: known.answer,
        at: known
            .at
            .iter()
            .filter_map(|at| {
                let (path, field) =
                    at.split_once('#').map_or((*at, None), |(path, field)| (path, Some(field)));
                living.iter().find(|resource| resource.path == path)?;
                let page = href(path, version);
                let address = field.map_or_else(|| page.clone(), |field| format!("{page}#field-{field}"));
                Some((address, *at))
            })
            .collect(),
    };
    let all = engine.catalogue().sought().iter().filter(|known| fits(known)).map(answer);
    all.filter(|answer| !answer.at.is_empty()).collect()
}
