//! Looks whether somebody deleted the files of the house underneath it, or put others in their place. The
//! house goes on with its own, as everything that has a file open does, and everything that is said is lost
//! when it closes them.

use crate::store::{LostFile, Store};

/// What was lost when it last looked: each is told once.
#[derive(Default)]
pub struct LostFiles(Vec<LostFile>);

impl LostFiles {
    pub fn look(&mut self, store: &Store) {
        if let Some(files) = self.told(store.lost_files()) {
            log::error!(
                "{files}. The house still has everything and loses it when it stops: make a backup now with \
                 parlour backup, before you stop it, and then restore that"
            );
        }
    }

    /// What there is to say of those that are lost now, if that is new.
    fn told(&mut self, lost: Vec<LostFile>) -> Option<String> {
        let is_new = lost.iter().any(|file| !self.0.contains(file));
        self.0 = lost;
        let files: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        is_new.then(|| files.join(" and "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Loss::{Deleted, Replaced};

    #[test]
    fn each_file_that_is_gone_is_told_once() {
        let mut files = LostFiles::default();
        for (gone, expected) in [
            (vec![], None),
            (vec![("a", Deleted)], Some("a was deleted")),
            (vec![("a", Deleted)], None),
            (vec![("a", Replaced)], Some("a was replaced by another file")),
            (vec![("a", Replaced), ("b", Deleted)], Some("a was replaced by another file and b was deleted")),
            (vec![("b", Deleted)], None),
        ] {
            let lost = |(path, loss): &(&str, _)| LostFile { path: path.into(), loss: *loss };
            let told = files.told(gone.iter().map(lost).collect());
            assert_eq!(told.as_deref(), expected, "{gone:?}");
        }
    }
}
