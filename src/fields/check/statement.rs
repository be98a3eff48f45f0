//! What stands in templates beside expressions.

use minijinja::machinery::ast::{
    EmitExpr, EmitRaw, Expr, ForLoop, IfCond, List, Set, Spanned, Stmt, Template, Var, WithBlock,
};

use super::super::FieldError;
use super::super::types::{Shape, Type};
use super::{Checker, place};

impl Checker {
    /// Looks through a statement.
    pub(super) fn statement(&mut self, stmt: &Stmt<'static>) -> Result<Stmt<'static>, FieldError> {
        Ok(match stmt {
            Stmt::Template(whole) => {
                self.locals.push(Vec::new());
                let children = self.statements(&whole.children)?;
                self.locals.pop();
                Stmt::Template(Spanned::new(Template { children }, whole.span()))
            }
            Stmt::EmitExpr(emit) => {
                let typed = self.expression(&emit.expr)?;
                self.must_be_writable(&emit.expr, typed.ty.shape)?;
                Stmt::EmitExpr(Spanned::new(EmitExpr { expr: typed.tree }, emit.span()))
            }
            Stmt::EmitRaw(raw) => Stmt::EmitRaw(Spanned::new(EmitRaw { raw: raw.raw }, raw.span())),
            Stmt::ForLoop(each) => self.each(each)?,
            Stmt::IfCond(branch) => {
                let expr = self.expression(&branch.expr)?.tree;
                let true_body = self.statements(&branch.true_body)?;
                let false_body = self.statements(&branch.false_body)?;
                Stmt::IfCond(Spanned::new(IfCond { expr, true_body, false_body }, branch.span()))
            }
            Stmt::WithBlock(block) => {
                self.locals.push(Vec::new());
                let mut assignments = Vec::with_capacity(block.assignments.len());
                for (target, value) in &block.assignments {
                    let typed = self.expression(value)?;
                    assignments.push((self.target(target, typed.ty)?, typed.tree));
                }
                let body = self.statements(&block.body)?;
                self.locals.pop();
                Stmt::WithBlock(Spanned::new(WithBlock { assignments, body }, block.span()))
            }
            Stmt::Set(set) => {
                let typed = self.expression(&set.expr)?;
                let target = self.target(&set.target, typed.ty)?;
                Stmt::Set(Spanned::new(Set { target, expr: typed.tree }, set.span()))
            }
            Stmt::SetBlock(other) => return Err(self.of_no_use(place::range(other.span()))),
            Stmt::AutoEscape(other) => return Err(self.of_no_use(place::range(other.span()))),
            Stmt::FilterBlock(other) => return Err(self.of_no_use(place::range(other.span()))),
            Stmt::Do(other) => return Err(self.of_no_use(place::range(other.span()))),
        })
    }

    fn statements(&mut self, body: &[Stmt<'static>]) -> Result<Vec<Stmt<'static>>, FieldError> {
        body.iter().map(|stmt| self.statement(stmt)).collect()
    }

    fn each(&mut self, each: &Spanned<ForLoop<'static>>) -> Result<Stmt<'static>, FieldError> {
        let iter = self.expression(&each.iter)?;
        let shape = iter.ty.shape;
        if !(shape.is_list() || shape == Shape::Any) {
            let what = format!("{} has no parts to go through", shape.name());
            return Err(self.error(
                place::of(&each.iter),
                what,
                "Only lists have: `{% for name in persons %}`.",
            ));
        }
        if each.recursive {
            return Err(self.of_no_use(place::range(each.span())));
        }
        self.locals.push(vec![("loop", Type { shape: Shape::Any, optional: true })]);
        let target = self.target(&each.target, shape.element())?;
        let filter_expr = each.filter_expr.as_ref().map(|expr| self.expression(expr)).transpose()?;
        let body = self.statements(&each.body)?;
        self.locals.pop();
        let else_body = self.statements(&each.else_body)?;
        let tree = ForLoop {
            target,
            iter: iter.tree,
            filter_expr: filter_expr.map(|typed| typed.tree),
            recursive: false,
            body,
            else_body,
        };
        Ok(Stmt::ForLoop(Spanned::new(tree, each.span())))
    }

    /// A name that a value is given, or several.
    fn target(&mut self, target: &Expr<'static>, ty: Type) -> Result<Expr<'static>, FieldError> {
        match target {
            Expr::Var(name) => {
                if let Some(innermost) = self.locals.last_mut() {
                    innermost.retain(|(known, _)| *known != name.id);
                    innermost.push((name.id, ty));
                }
                Ok(Expr::Var(Spanned::new(Var { id: name.id }, name.span())))
            }
            Expr::List(list) => {
                let any = Type { shape: Shape::Any, optional: true };
                let items: Result<_, _> = list.items.iter().map(|item| self.target(item, any)).collect();
                Ok(Expr::List(Spanned::new(List { items: items? }, list.span())))
            }
            other => Err(self.error(place::of(other), "this is no name", "Give the value a simple name.")),
        }
    }

    fn of_no_use(&self, range: std::ops::Range<usize>) -> FieldError {
        let remedy = "Fields with filters, `{% if %}`, `{% for %}`, `{% set name = value %}` and `{% with %}` are there.";
        self.error(range, "this is of no use in a template like this", remedy)
    }
}
