//! A question before something is done.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::component::confirm::{Confirm, ConfirmEvent, Grade};
use crate::tui::effect::{Effect, Message};
use crate::tui::modal::Dialog;
use crate::tui::page::Typed;
use crate::tui::world::World;

/// A question, and what is wanted after a yes.
#[derive(Debug)]
pub(crate) struct Ask {
    confirm: Confirm,
    effects: Vec<Effect>,
}

impl Ask {
    /// A question with a preview as an effect that opens it; `yes` is what the button says.
    pub(crate) fn popup(
        question: &str,
        preview: Vec<String>,
        yes: &str,
        grade: Grade,
        effects: Vec<Effect>,
    ) -> Effect {
        let confirm = Confirm::new(yes, question, preview, yes, grade);
        Effect::Popup(Box::new(Ask { confirm, effects }))
    }
}

impl Dialog for Ask {
    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        let event = match typed {
            Typed::Key(key) => self.confirm.key(*key),
            Typed::Paste(text) => {
                self.confirm.paste(text);
                ConfirmEvent::Kept
            }
        };
        self.answered(event)
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        if event.kind != MouseEventKind::Down(MouseButton::Left) {
            return Vec::new();
        }
        let at = Position::new(event.column, event.row);
        let answer = self.confirm.click(area, at, &world.look);
        self.answered(answer)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        self.confirm.render(area, frame.buffer_mut(), &world.look)
    }
}

impl Ask {
    fn answered(&mut self, event: ConfirmEvent) -> Vec<Effect> {
        match event {
            ConfirmEvent::Kept => Vec::new(),
            ConfirmEvent::No => vec![Effect::Close, Effect::Say(Message::hint("nothing was done"))],
            ConfirmEvent::Yes => {
                let effects = std::mem::take(&mut self.effects);
                std::iter::once(Effect::Close).chain(effects).collect()
            }
        }
    }
}
