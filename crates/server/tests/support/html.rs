//! As much of HTML as tests need: tags with their attributes, and the forms that a person sees.

use std::collections::BTreeMap;

/// A piece of a page.
#[derive(Debug, Clone)]
pub enum Piece {
    Open { tag: String, attributes: BTreeMap<String, String> },
    Close(String),
    Text(String),
}

/// Takes a page apart. Made for pages that a template wrote: every attribute value is quoted.
pub fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if at > 0 {
            pieces.push(Piece::Text(decoded(&rest[..at])));
        }
        rest = &rest[at + 1..];
        let mut quoted = false;
        let end = rest
            .char_indices()
            .find(|(_, c)| {
                quoted ^= *c == '"';
                *c == '>' && !quoted
            })
            .map(|(end, _)| end);
        let end = end
            .unwrap_or_else(|| panic!("a tag without an end: {}", rest.chars().take(80).collect::<String>()));
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        match tag.strip_prefix('/') {
            Some(name) => pieces.push(Piece::Close(name.trim().to_lowercase())),
            None if tag.starts_with('!') => {}
            None => pieces.push(open(tag)),
        }
    }
    pieces.push(Piece::Text(decoded(rest)));
    pieces
}

fn open(tag: &str) -> Piece {
    let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start().trim_start_matches('/');
        if rest.trim().is_empty() {
            break;
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..end].to_lowercase();
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(value) => {
                let end = value.find('"').unwrap_or_else(|| panic!("an attribute without an end: {tag}"));
                rest = &value[end + 1..];
                decoded(&value[..end])
            }
            None => String::new(),
        };
        attributes.insert(key, value);
    }
    Piece::Open { tag: name.trim_end_matches('/').to_lowercase(), attributes }
}

/// Text with its character references resolved.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').filter(|end| *end <= 8);
        let resolved = end.and_then(|end| match &rest[1..end] {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            number => number.strip_prefix('#').and_then(|n| n.parse().ok()).and_then(char::from_u32),
        });
        match (resolved, end) {
            (Some(c), Some(end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

/// The text inside the element with an id.
pub fn element(html: &str, id: &str) -> Option<String> {
    let pieces = pieces(html);
    let start = pieces.iter().position(|piece| {
        matches!(piece, Piece::Open { attributes, .. } if attributes.get("id").is_some_and(|own| own == id))
    })?;
    let Piece::Open { tag, .. } = &pieces[start] else {
        return None;
    };
    let mut text = String::new();
    for piece in &pieces[start + 1..] {
        match piece {
            Piece::Close(closed) if closed == tag => break,
            Piece::Text(inner) => text.push_str(inner),
            _ => {}
        }
    }
    Some(text.trim().to_owned())
}

/// What the links of a page lead to.
pub fn links(html: &str) -> Vec<String> {
    pieces(html)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Open { tag, mut attributes } if tag == "a" => attributes.remove("href"),
            _ => None,
        })
        .collect()
}

/// A form as the browser would send it.
#[derive(Debug, Clone)]
pub struct Form {
    pub method: String,
    pub action: String,
    /// What is filled in.
    pub fields: Vec<(String, String)>,
    /// Boxes that are not ticked.
    pub boxes: Vec<(String, String)>,
    /// Buttons with a name of their own.
    pub buttons: Vec<(String, String)>,
}

impl Form {
    /// Whether there is a field of this name to fill in.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }

    /// What is filled in.
    pub fn value(&self, name: &str) -> &str {
        let field = self.fields.iter().rev().find(|(field, _)| field == name);
        field.map_or_else(|| panic!("{} has no field {name}", self.action), |(_, value)| value)
    }

    /// Fills in a field that is there.
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().rev().find(|(field, _)| field == name);
        field.unwrap_or_else(|| panic!("no field {name}")).1 = value.to_owned();
        self
    }

    /// Adds or replaces a field, whether or not it is there: what only an attacker does.
    pub fn forge(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Removes a field.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self
    }

    /// Ticks a box.
    pub fn tick(mut self, name: &str, value: &str) -> Self {
        let at = self.boxes.iter().position(|(field, own)| field == name && own == value);
        let ticked = self.boxes.remove(at.unwrap_or_else(|| panic!("no empty box {name} {value}")));
        self.fields.push(ticked);
        self
    }

    /// Unticks a box.
    pub fn untick(mut self, name: &str, value: &str) -> Self {
        let at = self.fields.iter().position(|(field, own)| field == name && own == value);
        let empty = self.fields.remove(at.unwrap_or_else(|| panic!("no ticked box {name} {value}")));
        self.boxes.push(empty);
        self
    }
}

/// The forms of a page.
pub fn forms(html: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let (mut inside, mut area): (bool, Option<String>) = (false, None);
    // Whether nothing of the list at hand is chosen yet, which then is its first.
    let mut list = None;
    for piece in pieces(html) {
        match piece {
            Piece::Open { tag, mut attributes } => {
                let mut take = |name: &str| attributes.remove(name);
                match (tag.as_str(), inside) {
                    ("form", _) => {
                        let method = take("method").unwrap_or_else(|| "get".to_owned());
                        let action = take("action").unwrap_or_default();
                        let (fields, boxes, buttons) = Default::default();
                        forms.push(Form { method, action, fields, boxes, buttons });
                        inside = true;
                    }
                    ("input", true) => {
                        let (kind, value) = (take("type").unwrap_or_default(), take("value"));
                        let (Some(form), Some(name)) = (forms.last_mut(), take("name")) else {
                            continue;
                        };
                        let box_like = kind == "checkbox" || kind == "radio";
                        let field =
                            (name, value.unwrap_or_else(|| if box_like { "on" } else { "" }.to_owned()));
                        let ticked = !box_like || take("checked").is_some();
                        if ticked {
                            form.fields.push(field);
                        } else {
                            form.boxes.push(field);
                        }
                    }
                    ("textarea", true) => {
                        area = take("name");
                        if let (Some(form), Some(name)) = (forms.last_mut(), &area) {
                            form.fields.push((name.clone(), String::new()));
                        }
                    }
                    ("select", true) => {
                        list = Some(true);
                        if let (Some(form), Some(name)) = (forms.last_mut(), take("name")) {
                            form.fields.push((name, String::new()));
                        }
                    }
                    ("option", true) => {
                        let (chosen, value) = (take("selected").is_some(), take("value").unwrap_or_default());
                        let field = forms.last_mut().and_then(|form| form.fields.last_mut());
                        if let Some(field) = field.filter(|_| chosen || list == Some(true)) {
                            field.1 = value;
                            list = list.map(|_| false);
                        }
                    }
                    ("button", true) => {
                        if let (Some(form), Some(name)) = (forms.last_mut(), take("name")) {
                            form.buttons.push((name, take("value").unwrap_or_default()));
                        }
                    }
                    _ => {}
                }
            }
            Piece::Close(tag) if tag == "form" => inside = false,
            Piece::Close(tag) if tag == "textarea" => area = None,
            Piece::Text(text) if area.is_some() => {
                if let Some(field) = forms.last_mut().and_then(|form| form.fields.last_mut()) {
                    field.1 = text.trim_start_matches('\n').to_owned();
                }
            }
            _ => {}
        }
    }
    forms
}
