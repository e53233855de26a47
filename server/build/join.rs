//! Joins a module and everything it imports into one, so that a browser asks once. No statement changes but `import` and
//! `export`; comments and needless spaces go.
//!
//! With [`Names::Kept`], each imported module becomes a function that is called at once and returns its exports, so that no
//! name meets another. With [`Names::Short`], all modules stand in the scope of the one, where names outside of objects
//! become short, and names of numbers are those numbers: what they export to each other costs nothing then, but no two modules may declare the same name. Each keeps its
//! lines and columns until it is printed, so that there is a source map.
//!
//! What the book's own modules don't do is refused, not guessed: cycles, re-exports, default and namespace imports, exported
//! variables that change.
//!
//! May import: numbers, source_map, oxc, std.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    Declaration, ExportDeclaration, ImportDeclaration, ImportDeclarationSpecifier, Statement,
    VariableDeclaration, VariableDeclarationKind,
};
use oxc_ast_visit::{VisitMut, walk_mut};
use oxc_codegen::{Codegen, CodegenOptions, CodegenReturn, CommentOptions, LegalComment};
use oxc_mangler::{MangleOptions, Mangler};
use oxc_parser::{Parser, ParserReturn};
use oxc_span::{GetSpan, SourceType};

use crate::numbers;
use crate::source_map::{self, Piece};

/// What is wrong, and in which file.
type Result<T> = std::result::Result<T, String>;

/// What becomes of the names of variables and functions.
#[derive(Clone, Copy, PartialEq)]
enum Names {
    /// They stay, so that stacks and debuggers show them.
    Kept,
    /// They become short, but for what is exported, properties and methods.
    Short,
    /// Only those inside of functions become short: other scripts of the page know the others.
    ShortInside,
}

/// The text of one module that does what `entry` and all it imports do.
pub(crate) fn join(entry: &Path) -> Result<String> {
    let mut joined = Joined::default();
    let last = joined.edit(entry, Role::Entry)?;
    shrink(&(joined.text + &last)).map_err(|error| format!("{}: {error}", entry.display()))
}

/// A module with short names.
pub(crate) struct Short {
    pub(crate) text: String,
    /// Its source map, in JSON.
    pub(crate) map: String,
}

/// The same with short names. In the file there will be `lines_before` lines before the text.
pub(crate) fn join_short(entry: &Path, lines_before: u32) -> Result<Short> {
    let mut joined = Joined {
        has_one_scope: true,
        ..Joined::default()
    };
    let last = joined.edit(entry, Role::Entry)?;
    joined.add_piece(entry, &last)?;
    let allocator = Allocator::default();
    let printed = print(&allocator, &joined.text, Names::Short)
        .map_err(|error| format!("{}: {error}", entry.display()))?;
    let map = printed.map.ok_or("oxc makes no source map")?;
    Ok(Short {
        text: printed.code,
        map: source_map::of(&map, &joined.pieces, lines_before),
    })
}

#[derive(PartialEq)]
enum Role {
    Entry,
    Imported,
}

/// The modules so far, each behind what it imports.
#[derive(Default)]
struct Joined {
    text: String,
    has_one_scope: bool,
    /// What the modules in one scope have declared.
    declared: HashSet<String>,
    /// These modules, in the order of their lines.
    pieces: Vec<Piece>,
    /// The number of each, and nothing for one whose imports are still looked at.
    numbers: HashMap<PathBuf, Option<usize>>,
}

impl Joined {
    /// Adds a module if it is not there yet.
    fn add(&mut self, file: &Path) -> Result<usize> {
        match self.numbers.get(file) {
            Some(Some(number)) => return Ok(*number),
            Some(None) => return Err(format!("{} imports itself in the end", file.display())),
            None => {}
        }
        self.numbers.insert(file.to_owned(), None);
        let body = self.edit(file, Role::Imported)?;
        let number = self.numbers.values().flatten().count();
        match self.has_one_scope {
            true => self.add_piece(file, &body)?,
            false => writeln!(
                self.text,
                "const $module{number} = (() => {{\n{body}\n}})();"
            )
            .expect("a string takes everything"),
        }
        self.numbers.insert(file.to_owned(), Some(number));
        Ok(number)
    }

    /// Adds the text of a module to the one scope.
    fn add_piece(&mut self, file: &Path, body: &str) -> Result<()> {
        let complain = |what: &str| format!("{}: {what}", file.display());
        let name = file.file_name().and_then(|name| name.to_str());
        let lines = self.text.matches('\n').count();
        self.pieces.push(Piece {
            first_line: u32::try_from(lines).map_err(|error| complain(&error.to_string()))?,
            name: name.ok_or_else(|| complain("has no name"))?.to_owned(),
            source: fs::read_to_string(file).map_err(|error| complain(&error.to_string()))?,
        });
        writeln!(self.text, "{body}").expect("a string takes everything");
        Ok(())
    }

    /// The text of a module without its imports, and of an imported one without `export` as well.
    fn edit(&mut self, file: &Path, role: Role) -> Result<String> {
        let complain = |what: &str| format!("{}: {what}", file.display());
        let source = fs::read_to_string(file).map_err(|error| complain(&error.to_string()))?;
        let allocator = Allocator::default();
        let program = parse(&allocator, &source).map_err(|error| complain(&error))?;
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        let mut exported: Vec<String> = Vec::new();
        for statement in &program.program.body {
            let span = statement.span();
            let whole = span.start as usize..span.end as usize;
            for name in top_level_names(statement) {
                if self.has_one_scope && !self.declared.insert(name.clone()) {
                    return Err(complain(&format!("another module declares {name} as well")));
                }
            }
            match statement {
                Statement::ImportDeclaration(import) => {
                    let path = file.with_file_name(import.source.value.as_str());
                    let path = path.canonicalize().map_err(|error| {
                        complain(&format!("imports {}: {error}", import.source.value))
                    })?;
                    let number = self.add(&path)?;
                    let names = imported_names(import).map_err(|error| complain(&error))?;
                    let replacement = match self.has_one_scope {
                        true if names.iter().any(|(exported, local)| exported != local) => {
                            return Err(complain("renames what it imports"));
                        }
                        true => blank(&source[whole.clone()]),
                        false => {
                            let names: Vec<_> = (names.iter())
                                .map(|(exported, local)| format!("{exported}: {local}"))
                                .collect();
                            format!("const {{ {} }} = $module{number};", names.join(", "))
                        }
                    };
                    edits.push((whole, replacement));
                }
                Statement::ExportDeclaration(export) if role == Role::Imported => {
                    exported.extend(declared_names(export).map_err(|error| complain(&error))?);
                    let keyword = whole.start..export.declaration.span().start as usize;
                    let replacement = blank(&source[keyword.clone()]);
                    edits.push((keyword, replacement));
                }
                Statement::ExportNamedDeclaration(export) if role == Role::Imported => {
                    exported.extend((export.specifiers.iter()).map(|specifier| {
                        format!("{}: {}", specifier.exported.name(), specifier.local.name())
                    }));
                    let replacement = blank(&source[whole.clone()]);
                    edits.push((whole, replacement));
                }
                Statement::ExportAllDeclaration(_) | Statement::ExportFromDeclaration(_) => {
                    return Err(complain("re-exports are not joined"));
                }
                Statement::ExportDefaultDeclaration(_) if role == Role::Imported => {
                    return Err(complain("a default export is only for the entry"));
                }
                _ => {}
            }
        }
        let mut text = source.clone();
        for (range, replacement) in edits.into_iter().rev() {
            text.replace_range(range, &replacement);
        }
        if role == Role::Imported && !self.has_one_scope {
            write!(text, "\nreturn {{ {} }};", exported.join(", "))
                .expect("a string takes everything");
        }
        Ok(text)
    }
}

/// Nothing, on as many lines and columns.
fn blank(text: &str) -> String {
    text.chars()
        .map(|character| if character == '\n' { '\n' } else { ' ' })
        .collect()
}

/// What a statement declares in its module, but for what it imports.
fn top_level_names(statement: &Statement) -> Vec<String> {
    let declaration = match statement {
        Statement::ExportDeclaration(export) => Some(&export.declaration),
        _ => statement.as_declaration(),
    };
    match declaration {
        Some(Declaration::VariableDeclaration(variables)) => (variables.declarations.iter())
            .flat_map(|variable| variable.id.get_binding_identifiers())
            .map(|name| name.name.to_string())
            .collect(),
        Some(other) => other
            .id()
            .map(|id| id.name.to_string())
            .into_iter()
            .collect(),
        None => Vec::new(),
    }
}

/// What each name is where it is exported, and here.
fn imported_names(import: &ImportDeclaration) -> Result<Vec<(String, String)>> {
    let mut names = Vec::new();
    for specifier in import.specifiers.iter().flatten() {
        let ImportDeclarationSpecifier::ImportSpecifier(specifier) = specifier else {
            return Err("imports something else than names".into());
        };
        names.push((
            specifier.imported.name().to_string(),
            specifier.local.name.to_string(),
        ));
    }
    Ok(names)
}

fn declared_names(export: &ExportDeclaration) -> Result<Vec<String>> {
    if let Declaration::VariableDeclaration(variables) = &export.declaration {
        if variables.kind != VariableDeclarationKind::Const {
            return Err("exports a variable that may change".into());
        }
        return (variables.declarations.iter())
            .map(|variable| match variable.id.get_binding_identifiers()[..] {
                [name] => Ok(name.name.to_string()),
                _ => Err("exports a pattern".into()),
            })
            .collect();
    }
    let name = export.declaration.id().ok_or("exports a nameless thing")?;
    Ok(vec![name.name.to_string()])
}

fn parse<'a>(allocator: &'a Allocator, source: &'a str) -> Result<ParserReturn<'a>> {
    let program = Parser::new(allocator, source, SourceType::mjs()).parse();
    match program.diagnostics.iter().next() {
        Some(mistake) => Err(mistake.to_string()),
        None => Ok(program),
    }
}

/// The same program without comments, but for licences, and without needless spaces.
pub(crate) fn shrink(source: &str) -> Result<String> {
    let allocator = Allocator::default();
    Ok(print(&allocator, source, Names::Kept)?.code)
}

/// The same program, which is a script, with short names inside of its functions.
pub(crate) fn shorten_script(source: &str) -> Result<String> {
    let allocator = Allocator::default();
    Ok(print(&allocator, source, Names::ShortInside)?.code)
}

/// The same, with a source map where all names become short.
fn print<'a>(allocator: &'a Allocator, source: &'a str, names: Names) -> Result<CodegenReturn<'a>> {
    let mut program = parse(allocator, source)?;
    if names == Names::Short {
        numbers::write_out(&mut program.program, allocator)?;
        LetForConst.visit_program(&mut program.program);
    }
    let short_names = (names != Names::Kept).then(|| {
        let options = MangleOptions {
            top_level: Some(names == Names::Short),
            ..MangleOptions::default()
        };
        let mangler = Mangler::new().with_options(options);
        mangler.build(&program.program).scoping
    });
    let options = CodegenOptions {
        minify: true,
        comments: CommentOptions {
            legal: LegalComment::Inline,
            ..CommentOptions::disabled()
        },
        source_map_path: (names == Names::Short).then(|| PathBuf::from("joined.js")),
        ..CodegenOptions::default()
    };
    let codegen = Codegen::new()
        .with_options(options)
        .with_scoping(short_names);
    Ok(codegen.build(&program.program))
}

/// Writes `let` for `const`, which does the same in a program that assigns to no constant: one keyword compresses better than two.
struct LetForConst;

impl<'a> VisitMut<'a> for LetForConst {
    fn visit_variable_declaration(&mut self, declaration: &mut VariableDeclaration<'a>) {
        if declaration.kind == VariableDeclarationKind::Const {
            declaration.kind = VariableDeclarationKind::Let;
        }
        walk_mut::walk_variable_declaration(self, declaration);
    }
}
