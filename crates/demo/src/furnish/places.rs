//! Legal entities, workplaces, areas and teams.

use serde_json::json;

use super::Planter;
use crate::Error;

/// Name, place, country, time zone, address, postal code.
const PLACES: [[&str; 6]; 3] = [
    ["Barcelona", "Barcelona", "es", "Europe/Madrid", "Carrer de la Mostra 12", "08001"],
    ["Madrid", "Madrid", "es", "Europe/Madrid", "Calle del Ejemplo 7", "28001"],
    ["Lisbon", "Lisbon", "pt", "Europe/Lisbon", "Rua da Amostra 3", "1100-001"],
];

/// Name, and the place of the team above in this list.
const TEAMS: [(&str, Option<usize>); 10] = [
    ("Company", None),
    ("Engineering", Some(0)),
    ("Product", Some(0)),
    ("Sales", Some(0)),
    ("Customer care", Some(0)),
    ("Finance", Some(0)),
    ("People", Some(0)),
    ("Operations", Some(0)),
    ("Platform", Some(1)),
    ("Applications", Some(1)),
];

/// The teams around a team, by their places in the list.
pub(super) fn around(team: usize) -> Vec<usize> {
    let above = |at: &usize| TEAMS.get(*at).and_then(|(_, above)| *above);
    std::iter::successors(above(&team), above).collect()
}

pub(super) fn plant(planter: &mut Planter<'_, '_>) -> Result<(), Error> {
    planter.plant(
        "companies/legal_entities",
        vec![
            json!({ "country": "es", "legal_name": "Integrations Iberia S.L.", "currency": "EUR",
                "tin": "B00000000", "city": "Barcelona", "postal_code": "08001",
                "address_line_1": "Carrer de la Mostra 12" }),
            json!({ "country": "pt", "legal_name": "Integrations Portugal Lda.", "currency": "EUR",
                "tin": "500000000", "city": "Lisbon", "postal_code": "1100-001",
                "address_line_1": "Rua da Amostra 3" }),
        ],
    )?;
    let places = PLACES.iter().enumerate().map(|(at, [name, city, country, zone, address, code])| {
        json!({ "name": name, "main": at == 0, "timezone": zone, "country": country, "city": city,
            "address_line_1": address, "postal_code": code, "phone_number": "+34900000000" })
    });
    let locations = planter.plant("locations/locations", places.collect())?;
    let areas = locations.iter().flat_map(|location| {
        ["Front desk", "Workshop"].map(|name| json!({ "location_id": location, "name": name }))
    });
    planter.plant("locations/work_areas", areas.collect())?;
    for (name, above) in TEAMS {
        let parent = above.and_then(|at| planter.ids("teams/teams").get(at).copied());
        let team = json!({ "name": name, "parent_team_id": parent,
            "description": format!("Everybody who works in {}.", name.to_lowercase()) });
        planter.plant("teams/teams", vec![team])?;
    }
    Ok(())
}
