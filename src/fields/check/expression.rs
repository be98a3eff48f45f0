//! Expressions: names and types. What values must be is in `demands`.

use std::ops::Range;

use minijinja::Value as Dynamic;
use minijinja::machinery::ast::{
    BinOpKind, Call, CallArg, CompareOpKind, Const, Expr, Filter, GetAttr, IfExpr, List, Map, Slice, Spanned,
    Test, Tuple, UnaryOp, UnaryOpKind, Var,
};
use minijinja::machinery::{Span, ast};

use super::super::FieldError;
use super::super::filters::{FILTERS, Gives, TESTS, Word};
use super::super::moment::PARTS;
use super::super::table::Kind;
use super::super::types::{Shape, Type};
use super::demands::literal;
use super::{Checker, MAX_DEPTH, Typed, place};
use crate::text;

/// A tree that calls an operator.
fn operator(name: &'static str, span: Span, operands: Vec<Expr<'static>>) -> Expr<'static> {
    let mut operands = operands.into_iter();
    let expr = operands.next();
    let args = operands.map(CallArg::Pos).collect();
    Expr::Filter(Spanned::new(Filter { name, expr, args }, span))
}

/// A span for a place, for the engine to point at later.
fn span(range: &Range<usize>) -> Span {
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span {
        start_line: 1,
        end_line: 1,
        start_offset: at(range.start),
        end_offset: at(range.end),
        ..Span::default()
    }
}

fn constant(value: Dynamic, span: Span) -> Expr<'static> {
    Expr::Const(Spanned::new(Const { value }, span))
}

impl Checker {
    /// Looks through an expression.
    pub(super) fn expression(&mut self, expr: &Expr<'static>) -> Result<Typed, FieldError> {
        if self.depth >= MAX_DEPTH {
            let range = place::range(expr.span());
            let what = format!("more than {MAX_DEPTH} operators are nested in one another");
            return Err(self.error(range, what, "Write it simpler, or with `in [...]`."));
        }
        self.depth += 1;
        let typed = self.any(expr);
        self.depth -= 1;
        typed
    }

    fn any(&mut self, expr: &Expr<'static>) -> Result<Typed, FieldError> {
        match expr {
            Expr::Var(var) => self.variable(var),
            Expr::Const(own) => {
                Ok(Typed { tree: constant(own.value.clone(), own.span()), ty: of_constant(&own.value) })
            }
            Expr::Slice(slice) => self.slice(slice),
            Expr::UnaryOp(op) => self.unary(op),
            Expr::BinOp(op) => self.binary(op.op, &op.left, &op.right),
            Expr::Compare(chain) => self.chain(chain),
            Expr::IfExpr(choice) => self.choice(choice),
            Expr::Filter(filter) => self.filter(filter),
            Expr::Test(test) => self.test(test),
            Expr::GetAttr(part) => self.part(part),
            Expr::GetItem(part) => self.element(&part.expr, &part.subscript_expr),
            Expr::Call(call) => Err(self.call(call)),
            Expr::List(list) => {
                let (items, all_text) = self.items(&list.items)?;
                let shape = if all_text { Shape::Texts } else { Shape::List };
                Ok(Typed { tree: Expr::List(Spanned::new(List { items }, list.span())), ty: shape.into() })
            }
            Expr::Tuple(tuple) => {
                let (items, all_text) = self.items(&tuple.items)?;
                let shape = if all_text { Shape::Texts } else { Shape::List };
                Ok(Typed { tree: Expr::Tuple(Spanned::new(Tuple { items }, tuple.span())), ty: shape.into() })
            }
            Expr::Map(map) => {
                let (keys, _) = self.items(&map.keys)?;
                let (values, _) = self.items(&map.values)?;
                let tree = Expr::Map(Spanned::new(Map { keys, values }, map.span()));
                Ok(Typed { tree, ty: Shape::Any.into() })
            }
        }
    }

    fn items(&mut self, items: &[Expr<'static>]) -> Result<(Vec<Expr<'static>>, bool), FieldError> {
        let mut trees = Vec::with_capacity(items.len());
        let mut all_text = !items.is_empty();
        for item in items {
            let typed = self.expression(item)?;
            all_text &= typed.ty.shape.is_text();
            trees.push(typed.tree);
        }
        Ok((trees, all_text))
    }

    fn variable(&mut self, var: &Spanned<Var<'static>>) -> Result<Typed, FieldError> {
        let tree = Expr::Var(Spanned::new(Var { id: var.id }, var.span()));
        let local = self.locals.iter().rev().flatten().find(|(name, _)| *name == var.id);
        if let Some((_, ty)) = local {
            return Ok(Typed { tree, ty: *ty });
        }
        let Some(field) = self.table.column(var.id) else { return Err(self.no_such_field(var.id)) };
        if !self.fields.contains(&field) {
            self.fields.push(field);
        }
        Ok(Typed { tree, ty: Type { shape: field.kind.into(), optional: field.optional } })
    }

    fn slice(&mut self, slice: &Spanned<Slice<'static>>) -> Result<Typed, FieldError> {
        let of = self.expression(&slice.expr)?;
        let shape = of.ty.shape;
        if !(shape.is_text() || shape.is_list() || matches!(shape, Shape::Any | Shape::Nothing)) {
            let what = format!("{} has no parts to cut out", shape.name());
            return Err(self.error(place::of(&slice.expr), what, "Only texts and lists have."));
        }
        let mut bound = |bound: &Option<Expr<'static>>| -> Result<Option<Expr<'static>>, FieldError> {
            let Some(bound) = bound else { return Ok(None) };
            let typed = self.expression(bound)?;
            self.must_be_number(bound, typed.ty)?;
            Ok(Some(typed.tree))
        };
        let (start, stop, step) = (bound(&slice.start)?, bound(&slice.stop)?, bound(&slice.step)?);
        // Nothing can be cut out of nothing, which the engine takes for a mistake.
        let span = slice.span();
        let empty =
            constant(if shape.is_list() { Dynamic::from(Vec::<Dynamic>::new()) } else { "".into() }, span);
        let expr = operator("default", span, vec![of.tree, empty]);
        let tree = Expr::Slice(Spanned::new(Slice { expr, start, stop, step }, span));
        let shape = if shape.is_text() { Shape::Text } else { shape };
        Ok(Typed { tree, ty: shape.into() })
    }

    fn unary(&mut self, op: &Spanned<UnaryOp<'static>>) -> Result<Typed, FieldError> {
        let of = self.expression(&op.expr)?;
        match op.op {
            UnaryOpKind::Not => {
                let tree = UnaryOp { op: UnaryOpKind::Not, expr: of.tree };
                Ok(Typed { tree: Expr::UnaryOp(Spanned::new(tree, op.span())), ty: Shape::Flag.into() })
            }
            UnaryOpKind::Neg => {
                self.must_be_number(&op.expr, of.ty)?;
                Ok(Typed { tree: operator("neg", op.span(), vec![of.tree]), ty: of.ty })
            }
        }
    }

    fn binary(
        &mut self,
        op: BinOpKind,
        left: &Expr<'static>,
        right: &Expr<'static>,
    ) -> Result<Typed, FieldError> {
        let (a, b) = (self.expression(left)?, self.expression(right)?);
        let range = place::of(left).start..place::of(right).end;
        let optional = a.ty.optional || b.ty.optional;
        let number = Type { shape: Shape::Number, optional: true };
        let (name, ty) = match op {
            BinOpKind::ScAnd | BinOpKind::ScOr => {
                let ty =
                    if matches!(op, BinOpKind::ScAnd) { a.ty.join(b.ty) } else { a.ty.surely().join(b.ty) };
                let tree = ast::BinOp { op, left: a.tree, right: b.tree };
                return Ok(Typed { tree: Expr::BinOp(Spanned::new(tree, span(&range))), ty });
            }
            BinOpKind::Eq | BinOpKind::Ne => {
                self.must_be_alike(left, a.ty.shape, right, b.ty.shape)?;
                (if matches!(op, BinOpKind::Eq) { "==" } else { "!=" }, Shape::Flag.into())
            }
            BinOpKind::Lt | BinOpKind::Lte | BinOpKind::Gt | BinOpKind::Gte => {
                self.must_be_ordered(left, a.ty.shape)?;
                self.must_be_ordered(right, b.ty.shape)?;
                self.must_be_alike(left, a.ty.shape, right, b.ty.shape)?;
                let name = match op {
                    BinOpKind::Lt => "<",
                    BinOpKind::Lte => "<=",
                    BinOpKind::Gt => ">",
                    _ => ">=",
                };
                (name, Shape::Flag.into())
            }
            BinOpKind::In => {
                self.must_be_possible_in(left, a.ty.shape, right, b.ty.shape)?;
                ("in", Shape::Flag.into())
            }
            BinOpKind::Concat => {
                self.must_be_writable(left, a.ty.shape)?;
                self.must_be_writable(right, b.ty.shape)?;
                ("~", Shape::Text.into())
            }
            BinOpKind::Add
            | BinOpKind::Sub
            | BinOpKind::Mul
            | BinOpKind::Div
            | BinOpKind::FloorDiv
            | BinOpKind::Rem
            | BinOpKind::Pow => {
                if matches!(op, BinOpKind::Add) && (a.ty.shape.is_text() || b.ty.shape.is_text()) {
                    let remedy = "`~` puts texts together: `stem ~ '_' ~ year`.";
                    return Err(self.error(range, "texts cannot be added up", remedy));
                }
                self.must_be_number(left, a.ty)?;
                self.must_be_number(right, b.ty)?;
                match op {
                    BinOpKind::Add => ("+", Type { optional, ..number }),
                    BinOpKind::Sub => ("-", Type { optional, ..number }),
                    BinOpKind::Mul => ("*", Type { optional, ..number }),
                    // What is divided by nothing is nothing.
                    BinOpKind::Div => ("/", number),
                    BinOpKind::FloorDiv => ("//", number),
                    BinOpKind::Rem => ("%", number),
                    _ => ("**", number),
                }
            }
        };
        Ok(Typed { tree: operator(name, span(&range), vec![a.tree, b.tree]), ty })
    }

    /// `a < b <= c`, as `a < b and b <= c`.
    fn chain(&mut self, chain: &Spanned<ast::Compare<'static>>) -> Result<Typed, FieldError> {
        let mut left = &chain.expr;
        let mut all: Option<Expr<'static>> = None;
        for link in &chain.ops {
            let (op, negated) = match link.op {
                CompareOpKind::Eq => (BinOpKind::Eq, false),
                CompareOpKind::Ne => (BinOpKind::Ne, false),
                CompareOpKind::Lt => (BinOpKind::Lt, false),
                CompareOpKind::Lte => (BinOpKind::Lte, false),
                CompareOpKind::Gt => (BinOpKind::Gt, false),
                CompareOpKind::Gte => (BinOpKind::Gte, false),
                CompareOpKind::In => (BinOpKind::In, false),
                CompareOpKind::NotIn => (BinOpKind::In, true),
            };
            let mut tree = self.binary(op, left, &link.expr)?.tree;
            if negated {
                tree =
                    Expr::UnaryOp(Spanned::new(UnaryOp { op: UnaryOpKind::Not, expr: tree }, chain.span()));
            }
            all = Some(match all {
                None => tree,
                Some(before) => {
                    let both = ast::BinOp { op: BinOpKind::ScAnd, left: before, right: tree };
                    Expr::BinOp(Spanned::new(both, chain.span()))
                }
            });
            left = &link.expr;
        }
        let tree = all.unwrap_or_else(|| constant(true.into(), chain.span()));
        Ok(Typed { tree, ty: Shape::Flag.into() })
    }

    fn choice(&mut self, choice: &Spanned<IfExpr<'static>>) -> Result<Typed, FieldError> {
        let test = self.expression(&choice.test_expr)?;
        let yes = self.expression(&choice.true_expr)?;
        let no = match &choice.false_expr {
            Some(no) => self.expression(no)?,
            None => Typed { tree: constant(Dynamic::from(()), choice.span()), ty: Shape::Nothing.into() },
        };
        let tree = IfExpr { test_expr: test.tree, true_expr: yes.tree, false_expr: Some(no.tree) };
        Ok(Typed { tree: Expr::IfExpr(Spanned::new(tree, choice.span())), ty: yes.ty.join(no.ty) })
    }

    fn filter(&mut self, filter: &Spanned<Filter<'static>>) -> Result<Typed, FieldError> {
        let name = place::of_name(self.source, filter.name);
        let Some(input) = &filter.expr else {
            return Err(self.error(name, "there is nothing in front of the filter", "Write `field|filter`."));
        };
        let Some(word) = FILTERS.iter().find(|word| word.name == filter.name) else {
            return Err(self.no_such_word("filter", filter.name, FILTERS));
        };
        let of = self.expression(input)?;
        self.must_take(word, "filter", filter.name, input, of.ty.shape)?;
        let arguments = self.arguments(word, "filter", filter.name, &filter.args)?;
        if word.name == "date"
            && let Some(format) =
                filter.args.first().map(place::argument).filter(|format| literal(format).is_some())
        {
            self.must_be_format(format)?;
        }
        let ty = word.gives.of(of.ty, arguments.first().map(|argument| argument.ty));
        let mut operands = vec![of.tree];
        operands.extend(arguments.into_iter().map(|argument| argument.tree));
        Ok(Typed {
            tree: operator(
                word.name,
                span(&(place::of(input).start..place::range(filter.span()).end)),
                operands,
            ),
            ty,
        })
    }

    fn test(&mut self, test: &Spanned<Test<'static>>) -> Result<Typed, FieldError> {
        let Some(word) = TESTS.iter().find(|word| word.name == test.name) else {
            return Err(self.no_such_word("test", test.name, TESTS));
        };
        let of = self.expression(&test.expr)?;
        self.must_take(word, "test", test.name, &test.expr, of.ty.shape)?;
        let arguments = self.arguments(word, "test", test.name, &test.args)?;
        let args = arguments.into_iter().map(|argument| CallArg::Pos(argument.tree)).collect();
        let tree = Test { name: word.name, expr: of.tree, args };
        Ok(Typed { tree: Expr::Test(Spanned::new(tree, test.span())), ty: Shape::Flag.into() })
    }

    /// The arguments of a filter or a test.
    fn arguments(
        &mut self,
        word: &Word,
        what: &str,
        name: &str,
        arguments: &[CallArg<'static>],
    ) -> Result<Vec<Typed>, FieldError> {
        let (least, most) = word.arguments;
        if !(least..=most).contains(&arguments.len()) {
            let place = place::of_name(self.source, name);
            let wants = match (least, most) {
                (0, 0) => String::from("no argument"),
                (1, 1) => String::from("one argument"),
                (least, most) if least == most => format!("{least} arguments"),
                (least, most) => format!("{least} to {most} arguments"),
            };
            let what = format!("the {what} `{}` has {wants}, not {}", word.name, arguments.len());
            return Err(self.error(place, what, format!("For example: `{}`.", word.example(self.table))));
        }
        let mut out = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let expr = place::argument(argument);
            if !matches!(argument, CallArg::Pos(_)) {
                let what = "arguments have no names here";
                return Err(self.error(
                    place::of(expr),
                    what,
                    format!("For example: `{}`.", word.example(self.table)),
                ));
            }
            let typed = self.expression(expr)?;
            let wants_number = matches!((word.name, out.len()), ("pad", 0) | ("round", _));
            let is_free = word.gives == Gives::Default || word.name == "containing";
            if wants_number {
                self.must_be_number(expr, typed.ty)?;
            } else if !is_free && !typed.ty.shape.is_text() && typed.ty.shape != Shape::Any {
                let what = format!("`{}` wants a text here, not {}", word.name, typed.ty.shape.name());
                return Err(self.error(
                    place::of(expr),
                    what,
                    format!("For example: `{}`.", word.example(self.table)),
                ));
            }
            out.push(typed);
        }
        Ok(out)
    }

    fn part(&mut self, part: &Spanned<GetAttr<'static>>) -> Result<Typed, FieldError> {
        let of = self.expression(&part.expr)?;
        let place = place::of_name(self.source, part.name);
        let (ty, names): (Option<Type>, Vec<&'static str>) = match of.ty.shape {
            Shape::Any => (Some(Type { shape: Shape::Any, optional: true }), Vec::new()),
            Shape::Time => (PARTS.contains(&part.name).then_some(Shape::Number.into()), PARTS.to_vec()),
            Shape::Record(parts) => {
                let kind = parts.iter().find(|(name, _)| *name == part.name).map(|(_, kind)| *kind);
                (kind.map(of_part), parts.iter().map(|(name, _)| *name).collect())
            }
            shape => {
                let what = format!("{} has no parts, so there is no `.{}`", shape.name(), part.name);
                return Err(self.error(place, what, method_advice(part.name)));
            }
        };
        let Some(ty) = ty else {
            let near = text::nearest(part.name, names.iter().copied(), 1);
            let mut remedy = near.first().map(|near| format!("Did you mean `{near}`? ")).unwrap_or_default();
            remedy += &format!("There are {}.", names.join(", "));
            return Err(self.error(place, format!("{} has no `{}`", of.ty.shape.name(), part.name), remedy));
        };
        let ty = Type { optional: ty.optional || of.ty.optional, ..ty };
        let span = span(&place);
        let tree = operator(".", span, vec![of.tree, constant(part.name.into(), span)]);
        Ok(Typed { tree, ty })
    }

    fn element(&mut self, of: &Expr<'static>, key: &Expr<'static>) -> Result<Typed, FieldError> {
        let (typed, by) = (self.expression(of)?, self.expression(key)?);
        let range = place::of(of).start..place::of(key).end;
        let shape = typed.ty.shape;
        let ty = match (shape, literal(key)) {
            (Shape::Record(parts), Some(name)) => {
                let kind = parts.iter().find(|(part, _)| *part == name).map(|(_, kind)| *kind);
                let Some(kind) = kind else {
                    let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
                    let remedy = format!("There are {}.", names.join(", "));
                    return Err(self.error(place::of(key), format!("a record has no \"{name}\""), remedy));
                };
                of_part(kind).or_nothing()
            }
            (Shape::Any | Shape::Nothing, _) => Type { shape: Shape::Any, optional: true },
            (shape, _) if shape.is_text() || shape.is_list() => {
                self.must_be_number(key, by.ty)?;
                if shape.is_text() {
                    Type::from(Shape::Text).or_nothing()
                } else {
                    shape.element().or_nothing()
                }
            }
            (shape, _) => {
                let what = format!("{} has no parts", shape.name());
                return Err(self.error(place::of(of), what, "Only texts and lists have."));
            }
        };
        Ok(Typed { tree: operator("[]", span(&range), vec![typed.tree, by.tree]), ty })
    }

    /// There is nothing to be called; says what to write instead.
    fn call(&self, call: &Call<'static>) -> FieldError {
        match &call.expr {
            Expr::GetAttr(method) => {
                let place = place::of_name(self.source, method.name);
                self.error(
                    place,
                    format!("values have no methods, so there is no `.{}()`", method.name),
                    method_advice(method.name),
                )
            }
            Expr::Var(name) => {
                let place = place::of_name(self.source, name.id);
                self.error(place, format!("there is no function `{}`", name.id), method_advice(name.id))
            }
            other => self.error(
                place::of(other),
                "this cannot be called",
                "There are no functions, only filters: `field|filter`.",
            ),
        }
    }
}

fn of_part(kind: Kind) -> Type {
    // What a record says of a file may be unknown.
    Type { shape: kind.into(), optional: true }
}

fn of_constant(value: &Dynamic) -> Type {
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => Shape::Nothing,
        ValueKind::Bool => Shape::Flag,
        ValueKind::Number => Shape::Number,
        ValueKind::String => Shape::Text,
        ValueKind::Seq => Shape::List,
        _ => Shape::Any,
    }
    .into()
}

/// What to write where somebody called a function or a method of another language.
fn method_advice(name: &str) -> String {
    let instead = match name {
        "startswith" | "starts_with" | "hasPrefix" => "`original_name is startingwith 'IMG_'`",
        "endswith" | "ends_with" | "hasSuffix" => "`original_name is endingwith '.DNG'`",
        "contains" | "includes" | "find" | "index" => "`'beach' in caption`",
        "lower" | "upper" | "trim" | "replace" | "split" | "title" | "capitalize" | "join" | "round"
        | "abs" | "int" | "float" => return format!("It is a filter: `field|{name}`."),
        "len" | "length" | "size" | "count" => "`persons|length`",
        "strip" => "`title|trim`",
        "str" => "`year|string`",
        "format" | "strftime" | "date" => "`taken|date('%Y-%m-%d')`",
        "year" | "month" | "day" | "hour" | "minute" | "second" => {
            return format!("Times have it: `taken.{name}`.");
        }
        _ => {
            return "There are no functions, only filters: `field|filter`. `iexport fields` lists them."
                .to_owned();
        }
    };
    format!("Write {instead}.")
}
