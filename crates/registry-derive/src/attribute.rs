//! `name(word, key = "value", nested(word))`: the one grammar of all attributes.

use proc_macro2::{Span, TokenStream as Tokens};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Ident, Lit, Result, Token, Type};

/// A word, with what it is set to and what it contains.
pub(crate) struct Item {
    name: Ident,
    value: Option<Value>,
    inner: Vec<Item>,
}

enum Value {
    Literal(Lit),
    Type(Box<Type>),
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        // A text alone names itself: `events("create")`.
        if input.peek(syn::LitStr) {
            let text: syn::LitStr = input.parse()?;
            let name = Ident::new("text", text.span());
            return Self { name, value: Some(Value::Literal(Lit::Str(text))), inner: Vec::new() }.with(input);
        }
        let name = if input.peek(Token![as]) {
            let word: Token![as] = input.parse()?;
            Ident::new("as", word.span)
        } else {
            input.parse()?
        };
        let mut item = Self { name, value: None, inner: Vec::new() };
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            item.value = Some(if input.peek(Lit) {
                Value::Literal(input.parse()?)
            } else {
                Value::Type(input.parse()?)
            });
        }
        item.with(input)
    }
}

impl Item {
    /// With what it contains, if anything.
    fn with(mut self, input: ParseStream<'_>) -> Result<Self> {
        if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            self.inner = Punctuated::<Item, Token![,]>::parse_terminated(&content)?.into_iter().collect();
        }
        Ok(self)
    }

    pub(crate) fn name(&self) -> String {
        self.name.to_string()
    }

    pub(crate) fn error(&self, expected: &str) -> Error {
        Error::new(self.name.span(), format!("expected {expected}"))
    }

    pub(crate) fn missing(&self, what: &str) -> Error {
        Error::new(self.name.span(), format!("`{what}` is missing"))
    }

    pub(crate) fn literal(&self) -> Option<&Lit> {
        match &self.value {
            Some(Value::Literal(literal)) => Some(literal),
            _ => None,
        }
    }

    /// The words inside of the parentheses.
    pub(crate) fn items(&self) -> Result<impl Iterator<Item = &Item>> {
        if self.inner.is_empty() {
            Err(self.error("something in parentheses"))
        } else {
            Ok(self.inner.iter())
        }
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Item> {
        self.inner.iter().filter(move |item| item.name == name)
    }

    pub(crate) fn item(&self, name: &str) -> Option<&Item> {
        self.inner.iter().find(|item| item.name == name)
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.item(name).is_some()
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.inner.iter().filter_map(|item| item.value_text().ok()).collect()
    }

    pub(crate) fn value_text(&self) -> Result<String> {
        match self.literal() {
            Some(Lit::Str(text)) => Ok(text.value()),
            _ => Err(self.error("= and a text in quotes")),
        }
    }

    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<String>> {
        self.item(name).map(Item::value_text).transpose()
    }

    pub(crate) fn text(&self, name: &str) -> Result<String> {
        self.optional_text(name)?.ok_or_else(|| self.missing(name))
    }

    pub(crate) fn kind(&self, name: &str) -> Result<Option<Tokens>> {
        match self.item(name) {
            None => Ok(None),
            Some(Item { value: Some(Value::Type(kind)), .. }) => Ok(Some(quote!(#kind))),
            Some(item) => Err(item.error("= and a type")),
        }
    }

    pub(crate) fn ident(&self, name: &str) -> Result<Tokens> {
        self.kind(name)?.ok_or_else(|| self.missing(name))
    }

    /// `since` and `until`; a version that does not exist does not compile.
    pub(crate) fn versions(&self) -> Result<(Tokens, Tokens)> {
        Ok((self.version("since")?, self.version("until")?))
    }

    /// One version, where it is said.
    pub(crate) fn version(&self, name: &str) -> Result<Tokens> {
        let text = self.optional_text(name)?;
        Ok(text.map_or_else(|| quote!(None), |text| quote!(Some(registry::Version::named(#text)))))
    }
}

/// An attribute is an item whose name is the attribute's.
pub(crate) type Attribute = Item;

impl Item {
    /// The attribute with this name.
    pub(crate) fn find(attrs: &[syn::Attribute], name: &str) -> Result<Self> {
        let found = attrs.iter().find(|attr| attr.path().is_ident(name));
        found.map_or_else(
            || Err(Error::new(Span::call_site(), format!("#[{name}(...)] is missing"))),
            Self::parse,
        )
    }

    /// All attributes with this name as one.
    pub(crate) fn find_or_empty(attrs: &[syn::Attribute], name: &str) -> Result<Self> {
        let mut all = Self { name: Ident::new(name, Span::call_site()), value: None, inner: Vec::new() };
        for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
            all.inner.extend(Self::parse(attr)?.inner);
        }
        Ok(all)
    }

    pub(crate) fn parse(attr: &syn::Attribute) -> Result<Self> {
        let inner = attr.parse_args_with(Punctuated::<Item, Token![,]>::parse_terminated)?;
        let name =
            attr.path().get_ident().cloned().unwrap_or_else(|| Ident::new("attribute", Span::call_site()));
        Ok(Self { name, value: None, inner: inner.into_iter().collect() })
    }
}
