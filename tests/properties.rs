//! What must hold for every text.

use proptest::prelude::*;
use zhinan::text::fold::fold;
use zhinan::text::segment::Segmenter;
use zhinan::text::{Analyser, han};

/// Texts as tickets have them: both languages, both scripts, codes, marks, odd characters.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Z]{1,12}",
        "[ \n\t.,!?-]{1,3}",
        "[0-9a-fx.]{1,20}",
        "[\u{4e00}-\u{9fff}]{1,8}",
        "[轉帳錢包助記詞質押提領裡帐ＵＳＤＴ，。「」]{1,6}",
        "\\PC{1,4}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn segmenter() -> &'static Segmenter {
    static SEGMENTER: std::sync::LazyLock<Segmenter> = std::sync::LazyLock::new(Segmenter::default);
    &SEGMENTER
}

proptest! {
    #[test]
    fn words_rejoin_to_the_input(text in text()) {
        let folded = fold(&text);
        let words = segmenter().words(folded.text());
        let joined: String = words.into_iter().map(|w| &folded.text()[w]).collect();
        prop_assert_eq!(joined, folded.text());
    }

    #[test]
    fn folding_twice_is_folding_once(text in text()) {
        let once = fold(&text);
        let twice = fold(once.text());
        prop_assert_eq!(once.text(), twice.text());
    }

    #[test]
    fn every_offset_is_on_a_character_border_of_the_original(text in text()) {
        let analysis = ANALYSER.analyse(&text);
        for term in &analysis.terms {
            let range = analysis.folded.original(term.range.clone());
            prop_assert!(text.get(range.clone()).is_some_and(|t| !t.is_empty()), "{:?} {:?}", term, range);
        }
        for entity in &analysis.entities {
            prop_assert!(text.get(entity.range.clone()).is_some(), "{:?}", entity);
        }
    }

    #[test]
    fn traditional_and_simplified_give_the_same_terms(chars in "[转账钱包助记词质押提领币卡银行费开户验证码]{1,12}") {
        let traditional = han::to_traditional(&chars);
        // Only spellings are compared: Taiwan's other words are other words.
        prop_assume!(traditional.chars().count() == chars.chars().count());
        let back: String = traditional.chars().map(han::simplified).collect();
        prop_assume!(back == chars);
        let terms = |t: &str| -> Vec<String> {
            segmenter().terms(fold(t).text()).into_iter().map(|t| t.text).collect()
        };
        prop_assert_eq!(terms(&traditional), terms(&chars));
    }

    #[test]
    fn sentences_cover_every_term_once(text in text()) {
        let analysis = ANALYSER.analyse(&text);
        let covered: Vec<usize> = analysis.sentences.iter().cloned().flatten().collect();
        prop_assert_eq!(covered, (0..analysis.terms.len()).collect::<Vec<_>>());
    }
}

static ANALYSER: std::sync::LazyLock<Analyser> = std::sync::LazyLock::new(Analyser::default);
