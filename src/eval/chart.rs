//! A chart of shares as SVG: both axes go from 0 to 1.
//!
//! In: lines, points and guides. Out: one SVG file that reads in light and dark, says in words what
//! it shows (title and desc), and tells lines apart by dashes and names as well as by colour.

use std::fmt::Write;

/// Size of the picture and of the margins around the plot, in units of the view box.
const WIDTH: f64 = 780.0;
const HEIGHT: f64 = 520.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 210.0;
const TOP: f64 = 56.0;
const BOTTOM: f64 = 60.0;

/// Colours for light and dark, then dashes; a line takes the next of each (Okabe and Ito 2008).
const LOOKS: [(&str, &str, &str); 5] = [
    ("#0b5cad", "#7ab8ff", ""),
    ("#b34a00", "#ffab66", "8 4"),
    ("#00705a", "#5fd3b5", "2 3"),
    ("#8a3b78", "#e39ad0", "10 3 2 3"),
    ("#5f5f00", "#d8d86b", "4 6"),
];

const STYLE: &str = "\
  .paper { fill: #ffffff } text { fill: #1b1f24; font: 14px system-ui, 'Noto Sans CJK SC', sans-serif }
  .heading { font-size: 17px; font-weight: 600 } .small { font-size: 12px }
  .grid { stroke: #d5d9de } .axis { stroke: #1b1f24 } .guide { stroke: #6a737d; stroke-dasharray: 5 5 }
";
const DARK: &str = "\
    .paper { fill: #14171a } text { fill: #e8eaed }
    .grid { stroke: #33383d } .axis { stroke: #e8eaed } .guide { stroke: #9aa3ab }
";

/// One line of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its name in the legend.
    pub name: String,
    /// Its points, x and y between 0 and 1.
    pub points: Vec<(f64, f64)>,
    /// Marked points: x, y, and the lower and upper end of a bar through it.
    pub marks: Vec<(f64, f64, [f64; 2])>,
}

/// A straight line to compare with.
#[derive(Debug, Clone, PartialEq)]
pub struct Guide {
    /// Where it begins.
    pub from: (f64, f64),
    /// Where it ends.
    pub to: (f64, f64),
    /// What it stands for.
    pub name: String,
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// What is to be seen on it, in words.
    pub description: String,
    /// Name of the x axis.
    pub x: &'static str,
    /// Name of the y axis.
    pub y: &'static str,
    /// Lines, at most five.
    pub lines: Vec<Line>,
    /// Straight lines to compare with.
    pub guides: Vec<Guide>,
}

impl Chart {
    /// The chart as an SVG document.
    pub fn to_svg(&self) -> String {
        let mut svg = String::with_capacity(16 * 1024);
        // Writing to a string cannot fail.
        let _ = self.write(&mut svg);
        svg
    }

    fn write(&self, svg: &mut String) -> std::fmt::Result {
        let (title, description) = (escaped(&self.title), escaped(&self.description));
        writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">{title}</title>\n\
             <desc id=\"desc\">{description}</desc>"
        )?;
        self.style(svg)?;
        writeln!(svg, "<rect class=\"paper\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>")?;
        writeln!(svg, "<text class=\"heading\" x=\"{LEFT}\" y=\"32\">{title}</text>")?;
        self.axes(svg)?;
        for guide in &self.guides {
            line(svg, "guide", guide.from, guide.to)?;
            let (x, y) = place(guide.to);
            let name = escaped(&guide.name);
            writeln!(svg, "<text class=\"small\" x=\"{:.1}\" y=\"{y:.1}\">{name}</text>", x + 8.0)?;
        }
        for (at, own) in self.lines.iter().enumerate() {
            series(svg, at, own)?;
        }
        writeln!(svg, "</svg>")
    }

    fn style(&self, svg: &mut String) -> std::fmt::Result {
        writeln!(svg, "<style>\n{STYLE}")?;
        let looks = || LOOKS.iter().take(self.lines.len()).enumerate();
        for (at, (light, _, dashes)) in looks() {
            let dashes = if dashes.is_empty() { "none" } else { dashes };
            writeln!(
                svg,
                "  .line{at} {{ stroke: {light}; stroke-width: 2.5; stroke-dasharray: {dashes}; \
                 fill: none }} .mark{at} {{ stroke: {light}; fill: {light} }}"
            )?;
        }
        writeln!(svg, "  @media (prefers-color-scheme: dark) {{\n{DARK}")?;
        for (at, (_, dark, _)) in looks() {
            writeln!(
                svg,
                "    .line{at}, .mark{at} {{ stroke: {dark} }} .mark{at} {{ fill: {dark} }}"
            )?;
        }
        writeln!(svg, "  }}\n</style>")
    }

    fn axes(&self, svg: &mut String) -> std::fmt::Result {
        for tenth in (0..=10).step_by(2) {
            let at = f64::from(tenth) / 10.0;
            let class = if tenth == 0 { "axis" } else { "grid" };
            line(svg, class, (0.0, at), (1.0, at))?;
            line(svg, class, (at, 0.0), (at, 1.0))?;
            let (x, y) = place((at, at));
            let (left, below) = (LEFT - 10.0, HEIGHT - BOTTOM + 20.0);
            let percent = tenth * 10;
            writeln!(
                svg,
                "<text class=\"small\" text-anchor=\"end\" x=\"{left}\" y=\"{:.1}\">{percent} %</text>\
                 <text class=\"small\" text-anchor=\"middle\" x=\"{x:.1}\" y=\"{below}\">{percent} %</text>",
                y + 4.0
            )?;
        }
        let (middle, bottom) = (place((0.5, 0.5)), HEIGHT - 16.0);
        writeln!(
            svg,
            "<text text-anchor=\"middle\" x=\"{:.1}\" y=\"{bottom}\">{}</text>\
             <text text-anchor=\"middle\" transform=\"translate(18 {:.1}) rotate(-90)\">{}</text>",
            middle.0, self.x, middle.1, self.y
        )
    }
}

/// One line with its marks and its entry in the legend.
fn series(svg: &mut String, at: usize, own: &Line) -> std::fmt::Result {
    let points: Vec<String> = own
        .points
        .iter()
        .map(|point| {
            let (x, y) = place(*point);
            format!("{x:.1},{y:.1}")
        })
        .collect();
    writeln!(svg, "<polyline class=\"line{at}\" points=\"{}\"/>", points.join(" "))?;
    for (x, y, [low, high]) in &own.marks {
        line(svg, &format!("mark{at}"), (*x, *low), (*x, *high))?;
        let (x, y) = place((*x, *y));
        writeln!(svg, "<circle class=\"mark{at}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>")?;
    }
    let (left, y) = (WIDTH - RIGHT + 24.0, HEIGHT - BOTTOM - 14.0 - 24.0 * at as f64);
    writeln!(
        svg,
        "<line class=\"line{at}\" x1=\"{left}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\"/>\
         <text x=\"{}\" y=\"{}\">{}</text>",
        left + 34.0,
        left + 42.0,
        y + 5.0,
        escaped(&own.name)
    )
}

fn line(svg: &mut String, class: &str, from: (f64, f64), to: (f64, f64)) -> std::fmt::Result {
    let ((x1, y1), (x2, y2)) = (place(from), place(to));
    writeln!(
        svg,
        "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
    )
}

/// Shares to places on the picture.
fn place((x, y): (f64, f64)) -> (f64, f64) {
    let (width, height) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
    (LEFT + x.clamp(0.0, 1.0) * width, HEIGHT - BOTTOM - y.clamp(0.0, 1.0) * height)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_in_words_what_it_shows_and_stays_inside_the_picture() {
        let line = Line {
            name: "zh & en".into(),
            points: vec![(0.0, 0.0), (1.5, 2.0)],
            marks: vec![(0.5, 0.5, [0.4, 0.6])],
        };
        let name = "target <90 %>".into();
        let guides = vec![Guide { from: (0.0, 0.9), to: (1.0, 0.9), name }];
        let (title, description) = ("A & B".to_owned(), "All is well".to_owned());
        let chart = Chart { title, description, x: "x", y: "y", lines: vec![line], guides };
        let svg = chart.to_svg();
        for part in ["<title id=\"title\">A &amp; B</title>", "All is well", "zh &amp; en"] {
            assert!(svg.contains(part), "{part}");
        }
        assert!(svg.contains("prefers-color-scheme: dark") && svg.contains("target &lt;90 %&gt;"));
        assert!(svg.contains(&format!("{:.1},{TOP:.1}", WIDTH - RIGHT)));
        assert_eq!(svg.matches("<svg").count(), svg.matches("</svg>").count());
    }
}
