//! `guidebook token`: makes an access token for trying, or a file with a key that signs such tokens.

use std::io;
use std::path::{self, Path};
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};
use server::access_token::claims::Claims;
use server::access_token::key_set::{KeySet, new_file, new_pair};
use server::config::Token;
use server::owner_only;
use server::secret::Secret;

/// Random bytes in the name of a new key: two keys of one server get different names.
const NAME_BYTES: usize = 6;

/// What is printed: the token, or what to do with the new key.
pub(crate) fn make(token: &Token) -> Result<String> {
    match (&token.new_key, &token.public_key) {
        (Some(path), None) => make_key(path),
        (Some(private), Some(public)) => make_pair(private, public),
        (None, _) => sign(token),
    }
}

fn make_key(path: &Path) -> Result<String> {
    is_free(path)?;
    write(path, &new_file(&new_name()?)?, owner_only::write)?;
    let path = path.display();
    Ok(format!(
        "A new key is in {path}. Whoever reads it can let in anybody.\n\
         Start the server with --access-key {path}, and make a token with\n\
         guidebook token --access-key {path} --room '*'\n"
    ))
}

fn make_pair(private: &Path, public: &Path) -> Result<String> {
    let absolute = |path: &Path| path::absolute(path).ok();
    if absolute(private) == absolute(public) {
        bail!(
            "--new-key and --public-key are both {}. Choose another name for one of them",
            private.display()
        );
    }
    is_free(private)?;
    is_free(public)?;
    let [signs, verifies] = new_pair(&new_name()?)?;
    write(public, &verifies, owner_only::write_for_all)?;
    write(private, &signs, owner_only::write)?;
    let (private, public) = (private.display(), public.display());
    Ok(format!(
        "A new key is in {private}. Whoever reads it can let in anybody.\n\
         Start the server with --access-key {public}, which can't sign, and make a token with\n\
         guidebook token --access-key {private} --room '*'\n"
    ))
}

fn is_free(path: &Path) -> Result<()> {
    if path.exists() {
        bail!(
            "There is a file {} already, and the keys in it may be in use. Choose another name, or move it away",
            path.display()
        );
    }
    Ok(())
}

fn new_name() -> Result<String> {
    Ok(Secret::<NAME_BYTES>::random()?.reveal())
}

/// How a file of keys is written: with a name into a folder.
type Writes = fn(&Path, &str, &[u8]) -> io::Result<()>;

fn write(path: &Path, text: &str, writes: Writes) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.with_context(|| format!("{} is no name of a file", path.display()))?;
    writes(folder, name, text.as_bytes())
        .with_context(|| format!("{} can't be written", path.display()))
}

fn sign(token: &Token) -> Result<String> {
    let path = token.access_key.as_ref();
    let path = path.context("A token needs a key: name its file with --access-key")?;
    let room = token.room.clone();
    let keys = KeySet::open(path)?;
    let key = keys.signer().with_context(|| {
        format!(
            "No key in {} can sign: they have public parts only",
            path.display()
        )
    })?;
    let exp = SystemTime::now() + token.lifetime.0;
    let until = match token.session {
        Some(session) => SystemTime::now() + session.0,
        None => exp,
    };
    let claims = Claims {
        room: room.context("A token is for a room: name it with --room")?,
        id: token.id.as_deref().map(Into::into),
        may_invite: token.may_invite,
        exp,
        until,
    };
    let text = key.sign(&claims).context("The key cannot sign")?;
    Ok(format!("{text}\n"))
}
