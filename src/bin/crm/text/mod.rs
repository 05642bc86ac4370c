//! Text that both faces show: width, cut, sanitise, relative time, numbers and money.
