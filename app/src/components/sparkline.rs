//! Ninety days in the height of a row.

use leptos::prelude::*;

use crate::api::text::SparkView;

/// A step line with gaps, the target dashed, a dot at the price of now. Decoration: the row says it in words.
#[component]
pub fn Sparkline(
    /// The line.
    spark: SparkView,
) -> impl IntoView {
    view! {
        <span class="sparkline" aria-hidden="true">
            <svg viewBox="0 0 100 28" preserveAspectRatio="none">
                {spark.target_y.map(|y| view! { <path class="sparkline-target" d=format!("M0 {y}H100") /> })}
                <path class="sparkline-line" d=spark.path />
            </svg>
            {spark
                .end_y
                .map(|y| {
                    view! {
                        <svg class="sparkline-end">
                            <circle cx="100%" cy=format!("{}%", y * 100 / 28) r="2.5" />
                        </svg>
                    }
                })}
        </span>
    }
}
