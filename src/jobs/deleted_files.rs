//! Looks whether somebody deleted the files of the house underneath it. The house goes on with them, as
//! everything that has a file open does, and everything that is said is lost when it closes them.

use std::path::PathBuf;

use crate::store::Store;

/// What was deleted when it last looked: each is told once.
#[derive(Default)]
pub struct DeletedFiles(Vec<PathBuf>);

impl DeletedFiles {
    pub fn look(&mut self, store: &Store) {
        if let Some(files) = self.told(store.deleted_files()) {
            log::error!(
                "{files} was deleted. The house still has everything and loses it when it stops: \
                 make a backup now with parlour backup, before you stop it, and then restore that"
            );
        }
    }

    /// What there is to say of those that are gone now, if that is new.
    fn told(&mut self, deleted: Vec<PathBuf>) -> Option<String> {
        let is_new = deleted.iter().any(|file| !self.0.contains(file));
        self.0 = deleted;
        let files: Vec<_> = self.0.iter().map(|file| file.display().to_string()).collect();
        is_new.then(|| files.join(" and "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_that_is_gone_is_told_once() {
        let mut files = DeletedFiles::default();
        for (gone, expected) in [
            (vec![], None),
            (vec!["a"], Some("a")),
            (vec!["a"], None),
            (vec!["a", "b"], Some("a and b")),
            (vec!["b"], None),
            (vec!["a", "b"], Some("a and b")),
        ] {
            let told = files.told(gone.iter().map(PathBuf::from).collect());
            assert_eq!(told.as_deref(), expected, "{gone:?}");
        }
    }
}
