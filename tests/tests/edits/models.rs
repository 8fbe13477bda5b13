//! Models as data, their edits, and the Rust that says them.

use std::fmt::Write as _;

use limbeck_tests::generate::Choices;

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Short(u32),
    Int,
    Big,
    Flag,
    Float,
    Label,
    /// A row of another table.
    Of(String),
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    pub(crate) unique: bool,
    pub(crate) index: bool,
    pub(crate) default: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) name: String,
    pub(crate) fields: Vec<Field>,
}

impl Model {
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Models {
    pub(crate) tables: Vec<Model>,
    pub(crate) labels: Vec<String>,
}

const TABLES: [&str; 4] = ["account", "invoice", "note", "tag"];
const FIELDS: [&str; 6] = ["title", "amount", "state", "email", "flag", "extra"];
const LABELS: [&str; 5] = ["draft", "sent", "paid", "late", "void"];

impl Models {
    /// Models as somebody might have written them.
    pub(crate) fn draw(choices: &mut Choices<'_>) -> Self {
        let labels = LABELS.iter().take(2 + choices.below(2)).map(|label| (*label).to_owned()).collect();
        let mut models = Self { tables: Vec::new(), labels };
        for name in TABLES.iter().take(2 + choices.below(2)) {
            let mut model = Model { name: (*name).to_owned(), fields: Vec::new() };
            for name in FIELDS.iter().take(3 + choices.below(3)) {
                let field = models.field(name, choices);
                model.fields.push(field);
            }
            models.tables.push(model);
        }
        models
    }

    fn field(&self, name: &str, choices: &mut Choices<'_>) -> Field {
        let kind = self.kind(choices);
        let plain = kind != Kind::Flag && !matches!(kind, Kind::Of(_));
        Field {
            name: name.to_owned(),
            required: choices.once_in(2),
            unique: plain && kind != Kind::Label && choices.once_in(4),
            index: choices.once_in(4),
            default: plain && choices.once_in(4),
            kind,
        }
    }

    fn kind(&self, choices: &mut Choices<'_>) -> Kind {
        match choices.below(8) {
            0 => Kind::Text,
            1 => Kind::Int,
            2 => Kind::Big,
            3 => Kind::Short(if choices.once_in(2) { 5 } else { 20 }),
            4 => Kind::Flag,
            5 => Kind::Float,
            6 => Kind::Label,
            _ => match self.tables.len() {
                0 => Kind::Text,
                n => Kind::Of(self.tables[choices.below(n)].name.clone()),
            },
        }
    }

    /// The same after somebody has worked on them.
    pub(crate) fn edited(&self, choices: &mut Choices<'_>) -> Self {
        let mut models = self.clone();
        for _ in 0..=choices.below(4) {
            models.edit(choices);
        }
        models
    }

    fn edit(&mut self, choices: &mut Choices<'_>) {
        let at = choices.below(self.tables.len());
        let count = self.tables[at].fields.len();
        let field = choices.below(count);
        match choices.below(16) {
            0 | 1 => {
                let new = format!("{}_now", self.tables[at].fields[field].name);
                self.tables[at].fields[field].name = new;
            }
            2 if count > 1 => {
                self.tables[at].fields.remove(field);
            }
            3 | 4 => {
                let name = format!("new_{count}");
                let new = self.field(&name, choices);
                if self.tables[at].field(&name).is_none() {
                    self.tables[at].fields.push(new);
                }
            }
            5 | 6 => {
                let kind = self.kind(choices);
                let field = &mut self.tables[at].fields[field];
                (field.kind, field.unique, field.default) = (kind, false, false);
            }
            7 => self.tables[at].fields[field].required ^= true,
            8 => {
                let field = &mut self.tables[at].fields[field];
                field.unique ^= field.kind != Kind::Flag && field.kind != Kind::Label;
            }
            9 => self.tables[at].fields[field].index ^= true,
            10 => {
                let old = self.tables[at].name.clone();
                let new = format!("{old}_now");
                self.tables[at].name.clone_from(&new);
                for field in self.tables.iter_mut().flat_map(|model| &mut model.fields) {
                    if field.kind == Kind::Of(old.clone()) {
                        field.kind = Kind::Of(new.clone());
                    }
                }
            }
            11 if self.tables.len() > 1 => {
                let gone = Kind::Of(self.tables.remove(at).name);
                for model in &mut self.tables {
                    model.fields.retain(|field| field.kind != gone);
                }
                self.tables.retain(|model| !model.fields.is_empty());
                if self.tables.is_empty() {
                    self.tables.push(Model { name: "other".to_owned(), fields: Vec::new() });
                    let field = self.field("title", choices);
                    self.tables[0].fields.push(Field { kind: Kind::Text, unique: false, default: false, ..field });
                }
            }
            12 => {
                let new = self.field("title", choices);
                if self.tables.iter().all(|model| model.name != "other") {
                    self.tables.push(Model { name: "other".to_owned(), fields: vec![new] });
                }
            }
            13 if self.labels.len() > 1 => {
                self.labels.remove(choices.below(self.labels.len()));
            }
            14 => {
                let new = LABELS.iter().find(|label| !self.labels.iter().any(|known| known == *label));
                let at = choices.below(self.labels.len() + 1);
                self.labels.splice(at..at, new.map(|label| (*label).to_owned()));
            }
            15 if count > 1 => {
                // The names of two columns are swapped.
                let other = (field + 1) % count;
                let (one, two) =
                    (self.tables[at].fields[field].name.clone(), self.tables[at].fields[other].name.clone());
                self.tables[at].fields[field].name = two;
                self.tables[at].fields[other].name = one;
            }
            _ => {
                let at = choices.below(self.labels.len());
                let new = format!("{}_now", self.labels[at]);
                self.labels[at] = new;
            }
        }
    }

    /// The models as Rust, in a module and a group of this name.
    pub(crate) fn source(&self, group: &str) -> String {
        let mut text = format!(
            "pub mod {group} {{\n    #[derive(limbeck::Enum)]\n    #[db_enum(name = \"state_of\")]\n    pub enum Label {{"
        );
        for (at, label) in self.labels.iter().enumerate() {
            let _ = write!(text, " #[db_enum(rename = {label:?})] L{at},");
        }
        text.push_str(" }\n");
        for (at, model) in self.tables.iter().enumerate() {
            let _ = write!(
                text,
                "    #[derive(limbeck::Table)]\n    #[table(name = {:?}, group = {group:?})]\n    pub struct M{at} {{\n        \
                 #[column(primary_key)]\n        pub id: i64,\n",
                model.name
            );
            for field in &model.fields {
                self.say(field, &mut text);
            }
            text.push_str("    }\n");
        }
        text + "}\n"
    }

    fn say(&self, field: &Field, text: &mut String) {
        let mut attributes = Vec::new();
        let ty = match &field.kind {
            Kind::Text => "String",
            Kind::Short(length) => {
                attributes.push(format!("length = {length}"));
                "String"
            }
            Kind::Int => "i32",
            Kind::Big => "i64",
            Kind::Flag => "bool",
            Kind::Float => "f64",
            Kind::Label => "Label",
            Kind::Of(table) => {
                let at = self.tables.iter().position(|model| model.name == *table);
                attributes.push(format!("references = M{}::id", at.expect("it is one of them")));
                "i64"
            }
        };
        attributes.extend(field.unique.then(|| "unique".to_owned()));
        attributes.extend(field.index.then(|| "index".to_owned()));
        if field.default {
            attributes.push(match &field.kind {
                Kind::Text | Kind::Short(_) => "default = \"none\"".to_owned(),
                Kind::Int | Kind::Big => "default = 0".to_owned(),
                Kind::Float => "default = 0.5".to_owned(),
                Kind::Label => format!("default = {:?}", self.labels[0]),
                Kind::Flag | Kind::Of(_) => "default_sql = \"NULL\"".to_owned(),
            });
        }
        if !attributes.is_empty() {
            let _ = writeln!(text, "        #[column({})]", attributes.join(", "));
        }
        let ty = if field.required { ty.to_owned() } else { format!("Option<{ty}>") };
        let _ = writeln!(text, "        pub {}: {ty},", field.name);
    }

    /// Statements that fill the tables, in an order in which references find what they need.
    pub(crate) fn rows(&self, choices: &mut Choices<'_>) -> Vec<String> {
        let mut all = Vec::new();
        for model in &self.tables {
            let names = model.fields.iter().map(|field| format!(", {}", field.name)).collect::<String>();
            for row in 1..=3_usize {
                let values: String = model
                    .fields
                    .iter()
                    .map(|field| {
                        let null = !field.required && choices.once_in(3);
                        format!(", {}", if null { "NULL".to_owned() } else { self.value(&field.kind, row, choices) })
                    })
                    .collect();
                all.push(format!("INSERT INTO {} (id{names}) VALUES ({row}{values})", model.name));
            }
        }
        all
    }

    /// A value, as SQL. Those of one kind differ from row to row.
    fn value(&self, kind: &Kind, row: usize, choices: &mut Choices<'_>) -> String {
        match kind {
            Kind::Text => format!(
                "'{}'",
                ["words", "12", "true", "draft", "more than five"][choices.below(5)].to_owned() + &row.to_string()
            ),
            Kind::Short(length) if *length < 10 => format!("'s{row}'"),
            Kind::Short(_) => format!("'something longer {row}'"),
            Kind::Int => (row * 7).to_string(),
            Kind::Big => {
                if choices.once_in(2) {
                    row.to_string()
                } else {
                    (3_000_000_000 + row).to_string()
                }
            }
            Kind::Flag => if choices.once_in(2) { "TRUE" } else { "FALSE" }.to_owned(),
            Kind::Float => format!("{row}.25"),
            Kind::Label => format!("'{}'", self.labels[choices.below(self.labels.len())]),
            Kind::Of(_) => row.min(3).to_string(),
        }
    }

    /// An expression for rows that lack a value.
    pub(crate) fn filling(&self, kind: &Kind) -> String {
        match kind {
            Kind::Text | Kind::Short(_) => "'s' || id".to_owned(),
            Kind::Int | Kind::Big => "id + 100".to_owned(),
            Kind::Flag => "TRUE".to_owned(),
            Kind::Float => "id + 0.75".to_owned(),
            Kind::Label => format!("'{}'", self.labels[0]),
            Kind::Of(_) => "1".to_owned(),
        }
    }
}
