//! `zhinan user`: gives and takes access from the command line, also while the server runs.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::cli::{User, UserAdd, UserCommand, UserName};
use crate::data::DataDir;
use crate::events::People;
use crate::events::people::Account;
use crate::events::sqlite::SqliteStore;
use crate::people::audit::Entry;
use crate::people::{Change, NewPerson, password, person};
use crate::time::now;

/// Who did it, in the audit log.
const WHO: &str = "command line";

/// Does what was asked for.
pub fn run(args: &User) -> anyhow::Result<ExitCode> {
    match &args.command {
        UserCommand::Add(args) => add(args)?,
        UserCommand::List { data } => list(data)?,
        UserCommand::Disable(args) => disable(args)?,
        UserCommand::Passwd(args) => passwd(args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn open(data: &Path) -> anyhow::Result<SqliteStore> {
    super::serve::create_dir(data)
        .with_context(|| format!("cannot create `{}`; see --data", data.display()))?;
    super::events::open(&DataDir::new(data))
}

fn add(args: &UserAdd) -> anyhow::Result<()> {
    let name = person::name(&args.name)?;
    let store = open(&args.data)?;
    if store.account(&name)?.is_some() {
        bail!("there is a `{name}` already; see `zhinan user passwd` and the people page");
    }
    let password = new_password(&name)?;
    let display = person::display(args.display.as_deref().unwrap_or_default(), &name);
    let new = NewPerson {
        name: name.clone(),
        display,
        role: args.role,
        password: Some(password::hash(&password)?),
    };
    let entry = Entry::new(now(), WHO, "person-added", object(&name));
    store.change(&Change::Add(new), &entry.detail(format!("role {}", args.role)))?;
    say(&format!("{name} may sign in as {}", args.role));
    Ok(())
}

fn list(data: &Path) -> anyhow::Result<()> {
    for person in open(data)?.people()? {
        let seen = person.seen.map_or("never".to_owned(), |at| at.strftime("%F %R").to_string());
        let state = if person.disabled { "disabled" } else { "" };
        let line = format!("{}\t{}\t{}\t{seen}\t{state}", person.name, person.role, person.display);
        say(line.trim_end());
    }
    Ok(())
}

fn disable(args: &UserName) -> anyhow::Result<()> {
    let store = open(&args.data)?;
    let account = known(&store, &args.name)?;
    let name = &account.person.name;
    let entry = Entry::new(now(), WHO, "disabled", object(name));
    store.change(&Change::Disable(account.person.id), &entry)?;
    say(&format!("{name} is locked out; sessions and tokens have ended"));
    Ok(())
}

fn passwd(args: &UserName) -> anyhow::Result<()> {
    let store = open(&args.data)?;
    let account = known(&store, &args.name)?;
    let name = &account.person.name;
    let hash = password::hash(&new_password(name)?)?;
    let entry = Entry::new(now(), WHO, "password-changed", object(name));
    store.change(&Change::SetPassword(account.person.id, hash), &entry)?;
    say(&format!("{name} has a new password; sessions have ended"));
    Ok(())
}

fn known(store: &SqliteStore, name: &str) -> anyhow::Result<Account> {
    let name = person::name(name)?;
    store.account(&name)?.with_context(|| format!("there is no `{name}`; see `zhinan user list`"))
}

fn object(name: &str) -> String {
    format!("person/{name}")
}

/// A password from the terminal, typed twice and not shown, or the first line of what is piped in.
fn new_password(name: &str) -> anyhow::Result<String> {
    let password = if std::io::stdin().is_terminal() {
        let first = rpassword::prompt_password(format!("Password for {name}: "))?;
        if first != rpassword::prompt_password("Once more: ")? {
            bail!("the two are not the same; nothing was done");
        }
        first
    } else {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).context("no password on standard input")?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    password::check(&password, name)?;
    Ok(password)
}

fn say(line: &str) {
    // A closed pipe is no reason to fail.
    drop(writeln!(std::io::stdout(), "{line}"));
}
