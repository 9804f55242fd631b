//! `/agent/panel?text=…`: suggestions and replies on a page as narrow as a help desk's sidebar.
//! A bookmarklet opens it with the text that is selected there. Nothing is recorded.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::staff::show;
use crate::web::state::{App, Shared};

use super::asked;

/// The text.
#[derive(Debug, Deserialize)]
pub struct PanelParams {
    #[serde(default)]
    text: String,
}

/// `GET /agent/panel`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Params(params): Params<PanelParams>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let text = params.text.trim();
        let asked = match text {
            "" => None,
            text => Some(asked(app, engine, &staff, (text, None), None)?),
        };
        show(app, &staff, "panel_title", "agent/panel.html", &[&("asked", asked)])
    })
    .await
}
