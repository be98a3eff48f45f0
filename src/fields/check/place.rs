//! Where the parts of a tree stand in its source.

use std::ops::Range;

use minijinja::machinery::Span;
use minijinja::machinery::ast::{CallArg, Expr};

/// A span as a range of bytes.
pub(super) fn range(span: Span) -> Range<usize> {
    let at = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    at(span.start_offset)..at(span.end_offset)
}

/// Where an expression stands, without brackets around it. The spans of the tree begin too early or too late
/// where an operator or a filter is involved, so those are put together from their operands.
pub(super) fn of(expr: &Expr<'_>) -> Range<usize> {
    let own = range(expr.span());
    match expr {
        Expr::Var(_) | Expr::Const(_) | Expr::List(_) | Expr::Tuple(_) | Expr::Map(_) => own,
        Expr::UnaryOp(op) => own.start..of(&op.expr).end.max(own.start),
        Expr::BinOp(op) => between(&op.left, &op.right),
        Expr::Compare(chain) => match chain.ops.last() {
            Some(last) => between(&chain.expr, &last.expr),
            None => of(&chain.expr),
        },
        Expr::IfExpr(choice) => {
            between(&choice.true_expr, choice.false_expr.as_ref().unwrap_or(&choice.test_expr))
        }
        Expr::Filter(filter) => filter.expr.as_ref().map_or(own.start, |expr| of(expr).start)..own.end,
        Expr::Test(test) => of(&test.expr).start..own.end,
        Expr::GetAttr(part) => of(&part.expr).start..own.end,
        Expr::GetItem(part) => of(&part.expr).start..own.end,
        Expr::Slice(slice) => of(&slice.expr).start..own.end,
        Expr::Call(call) => of(&call.expr).start..own.end,
    }
}

fn between(first: &Expr<'_>, last: &Expr<'_>) -> Range<usize> {
    of(first).start..of(last).end
}

/// The expression of an argument.
pub(super) fn argument<'a, 's>(argument: &'a CallArg<'s>) -> &'a Expr<'s> {
    match argument {
        CallArg::Pos(expr)
        | CallArg::Kwarg(_, expr)
        | CallArg::PosSplat(expr)
        | CallArg::KwargSplat(expr) => expr,
    }
}

/// Where a name stands that is a piece of the source.
pub(super) fn of_name(source: &str, name: &str) -> Range<usize> {
    let at = name.as_ptr().addr().wrapping_sub(source.as_ptr().addr());
    if at <= source.len() { at..at + name.len() } else { 0..source.len() }
}
