//! Decisions on a terminal: what is asked, what the keys choose, and what is on the screen.

use limbeck_tests::project::{Outcome, program};
use limbeck_tests::story::{NOTE, Story, on_notes};

/// Answers on a terminal: the same keys for every question. `script` gives the command a terminal of its own.
fn asked(story: &Story, keys: &str, arguments: &str) -> Outcome {
    let mut command = std::process::Command::new("sh");
    let limbeck = program("cargo-limbeck");
    let keys = format!("for key in $(seq 100); do sleep 1; printf '{keys}' || exit; done");
    command.args([
        "-c",
        &format!("({keys}) | script -qec 'stty cols 200 rows 60; {} limbeck {arguments}' /dev/null", limbeck.display()),
    ]);
    story.run(command, "")
}

/// What was on the screen, each line once, whatever moved the cursor in between.
fn screen(story: &Story, asked: Outcome) -> String {
    let mut text = String::new();
    let mut letters = asked.timeless().out.chars().collect::<Vec<_>>().into_iter();
    while let Some(letter) = letters.next() {
        match letter {
            // A control sequence ends with a letter (ECMA-48, 5.4).
            '\u{1b}' => {
                letters.by_ref().take_while(|it| !it.is_alphabetic()).for_each(drop);
                text.push('\n');
            }
            letter if letter.is_control() => text.push('\n'),
            letter => text.push(letter),
        }
    }
    let mut lines: Vec<&str> = Vec::new();
    // A key that comes before somebody reads it is echoed.
    let text = text.replace("^[[B", "\n").replace("^M", "\n");
    // What the proof remarks of made-up rows is each database's own.
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("careful: after")) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    story.placeless(&lines.join("\n"))
}

#[test]
fn on_a_terminal_it_is_asked() {
    on_notes("decide-ask", |story| {
        story.write("db/src/models.rs", &NOTE.replace("pub nick: Option<String>", "pub nickname: Option<String>"));
        // The first answer is chosen with the return key.
        let asked = asked(story, "\\r", "revision -m names").code(0);
        insta::assert_snapshot!("first", screen(story, asked));
        let module = story.module("names");
        assert!(module.contains(r#"m.rename_column("note", "nick", "nickname");"#), "{module}");
        let _ = story.limbeck(&["upgrade"]).code(0);
        assert_eq!(story.rows("SELECT coalesce(nickname, '-') FROM note ORDER BY id"), ["first", "-"]);
    });
}

#[test]
fn on_a_terminal_the_second_answer_is_an_arrow_away() {
    on_notes("decide-arrow", |story| {
        let after = NOTE.replace("pub nick: Option<String>", "pub label: Option<String>");
        story.write("db/src/models.rs", &after.replace("pub title: String", "pub text: Option<String>"));
        // Down, and return: the second of all candidates, and where one is used up, the second of what is left.
        let asked = asked(story, "\\033[B\\r", "revision -m names").code(0);
        let module = story.module("names");
        insta::assert_snapshot!("arrow_module", module.split_once("pub fn up").map_or("", |(_, steps)| steps));
        insta::assert_snapshot!("arrow", screen(story, asked));
    });
}
