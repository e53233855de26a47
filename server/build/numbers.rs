//! Writes a number wherever a program names it, if the name is written in capitals and stands for a number in the outermost scope: what a name explains is
//! for those who read the source, and costs each browser bytes.
//!
//! May import: oxc, std.

use std::collections::HashMap;

use oxc_allocator::{Allocator, CloneIn as _};
use oxc_ast::ast::{
    BindingIdentifier, Declaration, ExportSpecifier, Expression, ObjectProperty, Program,
    Statement, VariableDeclarationKind,
};
use oxc_ast_visit::{VisitMut, walk_mut};
use oxc_span::GetSpan as _;

/// # Errors
/// When something else has the name of a number as well, or the program exports one.
pub(crate) fn write_out<'a>(
    program: &mut Program<'a>,
    allocator: &'a Allocator,
) -> Result<(), String> {
    let mut names = Names {
        allocator,
        numbers: HashMap::new(),
        declared: HashMap::new(),
    };
    for statement in &program.body {
        names.add(statement);
    }
    names.visit_program(program);
    let twice = names
        .numbers
        .keys()
        .find(|name| names.declared.get(*name) != Some(&1));
    if let Some(name) = twice {
        return Err(format!("{name} is declared more than once, or exported"));
    }
    (program.body).retain(|statement| number(statement).is_none());
    Ok(())
}

struct Names<'a> {
    allocator: &'a Allocator,
    numbers: HashMap<String, Expression<'a>>,
    /// How often each name is declared, in whatever scope, or exported.
    declared: HashMap<String, usize>,
}

impl<'a> Names<'a> {
    fn add(&mut self, statement: &Statement<'a>) {
        if let Some((name, value)) = number(statement) {
            let value = value.clone_in(self.allocator);
            self.numbers.insert(name.to_owned(), value);
        }
    }

    fn count(&mut self, name: &str) {
        *self.declared.entry(name.to_owned()).or_default() += 1;
    }

    fn number(&self, expression: &Expression<'a>) -> Option<Expression<'a>> {
        let Expression::Identifier(identifier) = expression else {
            return None;
        };
        let mut value = self
            .numbers
            .get(identifier.name.as_str())?
            .clone_in(self.allocator);
        if let Expression::NumericLiteral(literal) = &mut value {
            // Where it stands, for the source map.
            literal.span = expression.span();
        }
        Some(value)
    }
}

impl<'a> VisitMut<'a> for Names<'a> {
    fn visit_expression(&mut self, expression: &mut Expression<'a>) {
        match self.number(expression) {
            Some(value) => *expression = value,
            None => walk_mut::walk_expression(self, expression),
        }
    }

    fn visit_object_property(&mut self, property: &mut ObjectProperty<'a>) {
        property.shorthand &= self.number(&property.value).is_none();
        walk_mut::walk_object_property(self, property);
    }

    fn visit_binding_identifier(&mut self, identifier: &mut BindingIdentifier<'a>) {
        self.count(&identifier.name);
    }

    fn visit_export_specifier(&mut self, specifier: &mut ExportSpecifier<'a>) {
        self.count(&specifier.local.name());
    }
}

/// What a statement names, if it names one number.
fn number<'s, 'a>(statement: &'s Statement<'a>) -> Option<(&'s str, &'s Expression<'a>)> {
    let Some(Declaration::VariableDeclaration(variables)) = statement.as_declaration() else {
        return None;
    };
    let [variable] = &variables.declarations[..] else {
        return None;
    };
    let name = variable.id.get_binding_identifier()?.name.as_str();
    let value = variable.init.as_ref()?;
    let is_constant = variables.kind == VariableDeclarationKind::Const
        && name
            .chars()
            .all(|character| matches!(character, 'A'..='Z' | '0'..='9' | '_'));
    (is_constant && matches!(value, Expression::NumericLiteral(_))).then_some((name, value))
}
