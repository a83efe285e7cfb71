//! What kind of page it is. Each question has its file; `extract` asks them in order.

pub(crate) mod blocked;
pub(crate) mod gone;
pub(crate) mod hostile;
pub(crate) mod moved;
pub(crate) mod shell;
pub(crate) mod status;
