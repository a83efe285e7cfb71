//! Components, one file each. They take values and know no server function, but for [`frame`], which is on every page.

pub mod frame;
