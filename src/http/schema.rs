//! How the bodies of a route are described to programs.
//!
//! [`router`](super::router) keeps one for each body, [`openapi`](super::openapi) writes them down.

use utoipa::ToSchema;
use utoipa::openapi::RefOr;

/// The body of an answer.
pub enum Content {
    /// JSON of this schema.
    Json(Schema),
    /// JSON of this schema, or the same as plain text.
    JsonOrText(Schema),
    /// JSON that no schema describes.
    AnyJson,
    Picture,
    /// Nothing but its status.
    Nothing,
}

/// How a type is described, with every type in it.
pub struct Schema {
    /// What the type is called.
    pub name: String,
    /// Its description, and those of the types in it.
    pub all: Vec<Named>,
}

/// A description and what it is called.
pub type Named = (String, RefOr<utoipa::openapi::Schema>);

impl Schema {
    /// That of `T`.
    pub fn of<T: ToSchema>() -> Self {
        let name = T::name().into_owned();
        let mut all = vec![(name.clone(), T::schema())];
        T::schemas(&mut all);
        Self { name, all }
    }
}
