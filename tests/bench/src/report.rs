//! Figures, as a table for people or as JSON for programs.

use serde::Serialize;

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

/// One figure.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    metric: &'static str,
    value: f64,
    unit: &'static str,
    baseline: Option<f64>,
    goal: Option<Goal>,
    note: String,
}

impl Figure {
    pub(crate) fn new(metric: &'static str, value: f64, unit: &'static str) -> Self {
        Self {
            metric,
            value,
            unit,
            baseline: None,
            goal: None,
            note: String::new(),
        }
    }

    /// The same of the baseline, measured in the same run.
    pub(crate) fn against(mut self, baseline: f64) -> Self {
        self.baseline = Some(baseline);
        self
    }

    pub(crate) fn at_most(mut self, goal: f64) -> Self {
        self.goal = Some(Goal::AtMost(goal));
        self
    }

    pub(crate) fn at_least(mut self, goal: f64) -> Self {
        self.goal = Some(Goal::AtLeast(goal));
        self
    }

    /// What has to be known to read it.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn ratio(&self) -> Option<f64> {
        self.baseline
            .filter(|it| *it > 0.0)
            .map(|it| self.value / it)
    }
}

/// What a workload gave.
pub(crate) enum Measured {
    /// Its figures.
    Figures(Vec<Figure>),
    /// Nothing, and why.
    Skipped(&'static str),
}

/// Prints figures as they come.
pub(crate) struct Report {
    json: bool,
    begun: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    workload: &'a str,
    metric: &'a str,
    value: f64,
    unit: &'a str,
    baseline: Option<f64>,
    ratio: Option<f64>,
    goal: Option<f64>,
    /// `at_most` or `at_least`.
    goal_is: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
}

impl Report {
    pub(crate) const fn new(json: bool) -> Self {
        Self { json, begun: false }
    }

    /// Prints what a workload gave.
    pub(crate) fn add(&mut self, workload: &str, measured: &Measured) {
        let figures = match measured {
            Measured::Figures(figures) => figures,
            Measured::Skipped(why) => {
                eprintln!("{workload}: skipped: {why}");
                return;
            }
        };
        if !self.json && !self.begun {
            self.begun = true;
            println!(
                "{:<8} {:<28} {:>12} {:<8} {:>12} {:>8} {:>10}  note",
                "workload", "metric", "value", "unit", "baseline", "ratio", "goal"
            );
        }
        for figure in figures {
            if self.json {
                println!("{}", json(workload, figure));
            } else {
                println!("{}", row(workload, figure));
            }
        }
    }
}

fn json(workload: &str, figure: &Figure) -> String {
    let (goal, goal_is) = match figure.goal {
        Some(Goal::AtMost(goal)) => (Some(goal), Some("at_most")),
        Some(Goal::AtLeast(goal)) => (Some(goal), Some("at_least")),
        None => (None, None),
    };
    let line = Line {
        workload,
        metric: figure.metric,
        value: figure.value,
        unit: figure.unit,
        baseline: figure.baseline,
        ratio: figure.ratio(),
        goal,
        goal_is,
        note: &figure.note,
    };
    // Numbers and texts of our own always become JSON.
    serde_json::to_string(&line).unwrap_or_default()
}

fn row(workload: &str, figure: &Figure) -> String {
    let goal = match figure.goal {
        Some(Goal::AtMost(goal)) => format!("<= {}", short(goal)),
        Some(Goal::AtLeast(goal)) => format!(">= {}", short(goal)),
        None => String::new(),
    };
    let row = format!(
        "{workload:<8} {:<28} {:>12} {:<8} {:>12} {:>8} {goal:>10}  {}",
        figure.metric,
        short(figure.value),
        figure.unit,
        figure.baseline.map(short).unwrap_or_default(),
        figure.ratio().map(short).unwrap_or_default(),
        figure.note,
    );
    row.trim_end().to_owned()
}

/// As many digits as say something.
fn short(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        100.0.. => format!("{value:.0}"),
        1.0..100.0 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}
