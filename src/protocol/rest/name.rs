//! A name in a question.

use crate::limits::NAME_BYTES_MAX;

described! {
    /// A name as somebody types it.
    pub(super) TypedName: |text| text.min_length(Some(1)).max_length(Some(NAME_BYTES_MAX))
}
