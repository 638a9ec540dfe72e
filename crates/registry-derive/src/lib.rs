//! The derives behind a declaration: static metadata, and nothing that runs.
//!
//! - `Resource` for the struct of a resource (`#[resource(...)]`, `#[parameter(...)]`, `#[field(...)]`),
//! - `Action` for the input of an operation beyond the plain five (`#[action(...)]`),
//! - `Object` for nested objects.
//!
//! The crate `registry` documents what the attributes mean, beside the types that they fill.

mod attribute;

use attribute::{Attribute, Item};
use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result, parse_macro_input};

/// Declares a resource.
#[proc_macro_derive(Resource, attributes(resource, parameter, field))]
pub fn resource(input: TokenStream) -> TokenStream {
    expand(&parse_macro_input!(input as DeriveInput), declare_resource)
}

/// Declares an operation beyond list, read, create, update and delete, by what it takes.
#[proc_macro_derive(Action, attributes(action, field))]
pub fn action(input: TokenStream) -> TokenStream {
    expand(&parse_macro_input!(input as DeriveInput), declare_action)
}

/// Declares a nested object.
#[proc_macro_derive(Object, attributes(field))]
pub fn object(input: TokenStream) -> TokenStream {
    expand(&parse_macro_input!(input as DeriveInput), declare_object)
}

fn expand(input: &DeriveInput, declare: fn(&DeriveInput) -> Result<Tokens>) -> TokenStream {
    declare(input).unwrap_or_else(|error| error.to_compile_error()).into()
}

fn declare_resource(input: &DeriveInput) -> Result<Tokens> {
    let name = &input.ident;
    let doc = doc(&input.attrs)?;
    let attribute = Attribute::find(&input.attrs, "resource")?;
    let path = attribute.text("path")?;
    let object = attribute.text("object")?;
    let permission = attribute.text("permission")?;
    let subject = option(attribute.optional_text("subject")?);
    let glimpse = match attribute.item("glimpse").map(Item::texts).as_deref() {
        None => quote!(None),
        Some([module, only, without]) => quote!(Some(registry::Glimpse {
            module: #module, only: #only, without: #without,
        })),
        Some(_) => return Err(attribute.missing("glimpse(\"module\", \"true\", \"empty\")")),
    };
    let subject_if = match attribute.item("subject_if").map(Item::texts).as_deref() {
        None => quote!(None),
        Some([field, value]) => quote!(Some((#field, #value))),
        Some(_) => return Err(attribute.missing("subject_if(\"field\", \"value\")")),
    };
    let involved = attribute.item("involved").map_or_else(Vec::new, Item::texts);
    let mut events = Vec::new();
    for event in attribute.item("events").map(Item::items).transpose()?.into_iter().flatten() {
        let verb = event.value_text()?;
        events.push(match event.optional_text("uncaused")? {
            None => quote!(registry::Event::of(#verb)),
            Some(why) => quote!(registry::Event::uncaused(#verb, #why)),
        });
    }
    let table = attribute.optional_text("table")?.unwrap_or_else(|| path.replace('/', "_"));
    let computed = attribute.flag("computed");
    let mut operations = Vec::new();
    if let Some(item) = attribute.item("operations") {
        for operation in item.items()? {
            let verb = match operation.name().as_str() {
                "list" => quote!(List),
                "read" => quote!(Read),
                "create" => quote!(Create),
                "update" => quote!(Update),
                "delete" => quote!(Delete),
                _ => return Err(operation.error("list, read, create, update or delete")),
            };
            let (since, until) = operation.versions()?;
            let multipart = operation.flag("multipart");
            operations.push(quote!(registry::Operation {
                verb: registry::Verb::#verb, since: #since, until: #until, multipart: #multipart,
            }));
        }
    }
    let mut fields = Vec::new();
    let mut filters = Vec::new();
    let mut keyed = false;
    for member in named(input)? {
        let attribute = Attribute::find_or_empty(&member.attrs, "field")?;
        let wire = member.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        keyed |= wire == "id";
        let kind = &member.ty;
        let form = form(&wire, &doc_of(member)?, kind, &attribute)?;
        let create = input_of(&attribute, "create", &wire, kind)?;
        let update = input_of(&attribute, "update", &wire, kind)?;
        let role = if attribute.flag("input") {
            quote!(Input)
        } else if attribute.flag("derived") {
            quote!(Derived)
        } else {
            quote!(Stored)
        };
        let default = default(&attribute)?;
        let sensitive = option(attribute.optional_text("sensitive")?);
        let withheld = match attribute.item("withheld") {
            Some(item) if item.literal().is_some() => option(Some(item.value_text()?)),
            Some(_) => quote!(Some("")),
            None => quote!(None),
        };
        let entrusted = option(attribute.optional_text("entrusted")?);
        let text_until = attribute.version("text_until")?;
        let event = option(attribute.optional_text("event")?);
        fields.push(quote!(registry::Field {
            member: #form, role: registry::Role::#role, create: #create, update: #update, default: #default,
            sensitive: #sensitive, withheld: #withheld, entrusted: #entrusted, text_until: #text_until,
            event: #event,
        }));
        for filter in attribute.all("filter") {
            for test in filter.items()? {
                filters.push(filter_of(test, &wire, kind)?);
            }
        }
    }
    for attr in input.attrs.iter().filter(|attr| attr.path().is_ident("parameter")) {
        filters.push(parameter(&Attribute::parse(attr)?)?);
    }
    Ok(quote! {
        impl registry::Target for #name {
            const REFERENCE: registry::Reference = registry::Reference::Resource(#path);
        }
        impl registry::Declared for #name {
            const RESOURCE: registry::Resource = registry::Resource {
                path: #path,
                object: #object,
                table: #table,
                doc: #doc,
                permission: #permission,
                subject: #subject,
                subject_if: #subject_if,
                glimpse: #glimpse,
                involved: &[#(#involved),*],
                computed: #computed,
                keyed: #keyed,
                fields: &[#(#fields),*],
                filters: &[#(#filters),*],
                operations: &[#(#operations),*],
                events: &[#(#events),*],
            };
        }
    })
}

fn declare_action(input: &DeriveInput) -> Result<Tokens> {
    let name = &input.ident;
    let doc = doc(&input.attrs)?;
    let attribute = Attribute::find(&input.attrs, "action")?;
    let resource = attribute.ident("of")?;
    let path = attribute.text("name")?;
    let (since, until) = attribute.versions()?;
    let needs = option(attribute.optional_text("needs")?);
    // Clients of the matched API read a list wherever the name says that it is done in bulk, and in a few other places.
    let several = attribute.flag("several") || path.starts_with("bulk_");
    let one_until = attribute.version("one_until")?;
    let members = members(input)?;
    Ok(quote! {
        impl registry::DeclaredAction for #name {
            type Of = #resource;
            const ACTION: registry::Action = registry::Action {
                name: #path, doc: #doc, input: &[#(#members),*], needs: #needs, several: #several,
                one_until: #one_until,
                since: #since, until: #until,
            };
        }
    })
}

fn declare_object(input: &DeriveInput) -> Result<Tokens> {
    let name = &input.ident;
    let members = members(input)?;
    Ok(quote! {
        impl registry::Typed for #name {
            const KIND: registry::Kind = registry::Kind::Object(&[#(#members),*]);
        }
    })
}

fn members(input: &DeriveInput) -> Result<Vec<Tokens>> {
    named(input)?
        .map(|member| {
            let attribute = Attribute::find_or_empty(&member.attrs, "field")?;
            let wire = member.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            let kind = &member.ty;
            form(&wire, &doc_of(member)?, kind, &attribute)
        })
        .collect()
}

/// A member as the metadata has it.
fn form(wire: &str, doc: &str, kind: &syn::Type, attribute: &Attribute) -> Result<Tokens> {
    let (since, until) = attribute.versions()?;
    let name = attribute.optional_text("name")?.unwrap_or_else(|| wire.trim_start_matches("r#").to_owned());
    Ok(quote!(registry::Member {
        name: #name,
        doc: #doc,
        kind: <#kind as registry::Typed>::KIND,
        nullable: <#kind as registry::Typed>::NULLABLE,
        since: #since,
        until: #until,
    }))
}

/// `create` or `update` of a field: whether and how a body may give it.
fn input_of(attribute: &Attribute, verb: &str, wire: &str, kind: &syn::Type) -> Result<Tokens> {
    let Some(item) = attribute.item(verb) else { return Ok(quote!(None)) };
    let (since, until) = item.versions()?;
    let required = item.flag("required");
    let name = item.optional_text("name")?.unwrap_or_else(|| wire.trim_start_matches("r#").to_owned());
    let kind = item.kind("as")?.unwrap_or_else(|| quote!(#kind));
    Ok(quote!(Some(registry::Input {
        name: #name, kind: <#kind as registry::Typed>::KIND, required: #required, since: #since, until: #until,
    })))
}

fn filter_of(item: &Item, field: &str, kind: &syn::Type) -> Result<Tokens> {
    let name = item.value_text()?;
    let field = field.trim_start_matches("r#");
    let test = match item.name().as_str() {
        "eq" => quote!(Equal),
        "any" => quote!(OneOf),
        "flag" => quote!(Flag),
        "from" => quote!(From),
        "to" => quote!(To),
        "after" => quote!(After),
        "before" => quote!(Before),
        "search" => quote!(Search),
        "prefix" => quote!(Prefix),
        "has" => quote!(Has),
        _ => return Err(item.error("a kind of filter")),
    };
    let (since, until) = item.versions()?;
    let required = item.flag("required");
    let kind = item.kind("as")?.unwrap_or_else(|| quote!(#kind));
    Ok(quote!(registry::Filter {
        name: #name, field: Some(#field), kind: <#kind as registry::Typed>::KIND, test: registry::Test::#test,
        doc: "", required: #required, since: #since, until: #until,
    }))
}

/// A parameter of the list that code of its own understands.
fn parameter(attribute: &Attribute) -> Result<Tokens> {
    let name = attribute.text("name")?;
    let doc = attribute.text("doc")?;
    let kind = attribute.kind("as")?.ok_or_else(|| attribute.missing("as"))?;
    let (since, until) = attribute.versions()?;
    let required = attribute.flag("required");
    Ok(quote!(registry::Filter {
        name: #name, field: None, kind: <#kind as registry::Typed>::KIND, test: registry::Test::Own,
        doc: #doc, required: #required, since: #since, until: #until,
    }))
}

fn default(attribute: &Attribute) -> Result<Tokens> {
    let Some(item) = attribute.item("default") else { return Ok(quote!(None)) };
    Ok(match item.literal() {
        Some(syn::Lit::Str(text)) => quote!(Some(registry::Default::Text(#text))),
        Some(syn::Lit::Int(number)) => quote!(Some(registry::Default::Integer(#number))),
        Some(syn::Lit::Bool(value)) => quote!(Some(registry::Default::Bool(#value))),
        Some(_) => return Err(item.error("a text, an integer or a truth value")),
        None if item.flag("empty") => quote!(Some(registry::Default::Empty)),
        None if item.flag("rule") => quote!(Some(registry::Default::Rule)),
        None if item.flag("now") => quote!(Some(registry::Default::Now)),
        None if item.flag("today") => quote!(Some(registry::Default::Today)),
        None => {
            let field =
                item.optional_text("copy")?.ok_or_else(|| item.error("empty, now, today, rule or copy"))?;
            quote!(Some(registry::Default::Copy(#field)))
        }
    })
}

fn named(input: &DeriveInput) -> Result<impl Iterator<Item = &syn::Field>> {
    match &input.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_) | Fields::Unit) => {
            Ok(data.fields.iter())
        }
        _ => Err(Error::new_spanned(&input.ident, "a struct with named fields")),
    }
}

fn doc_of(member: &syn::Field) -> Result<String> {
    let text = doc(&member.attrs)?;
    if text.is_empty() {
        return Err(Error::new_spanned(
            &member.ident,
            "every field has a doc comment: it is public documentation",
        ));
    }
    Ok(text)
}

/// The doc comment, its lines joined.
fn doc(attrs: &[syn::Attribute]) -> Result<String> {
    let mut lines = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("doc")) {
        if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) =
            &attr.meta.require_name_value()?.value
        {
            lines.push(text.value().trim().to_owned());
        }
    }
    Ok(lines.join(" ").trim().to_owned())
}

fn option(text: Option<String>) -> Tokens {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}
