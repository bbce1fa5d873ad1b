"""Where the keyboard is: what is drawn anew must not take it away from whoever works without a mouse."""

from nicegui import ui

from tailorbird.shell.console.builder.editing import Path

# The browser remembers in which part of the page, and at which control of it, the focus was last.
_WATCH = """<script>
window.tbControls = part => [...part.querySelectorAll('input, textarea, button')];
document.addEventListener('focusin', event => {
  const part = event.target.closest('[data-part]');
  if (part) window.tbAt = {part: part.dataset.part, place: tbControls(part).indexOf(event.target)};
});
window.tbFocus = name => setTimeout(() => {
  const part = document.querySelector(`[data-part="${name}"]`);
  if (!part || part.contains(document.activeElement)) return;
  const place = window.tbAt?.part === name ? window.tbAt.place : 0;
  (tbControls(part)[place] ?? tbControls(part)[0])?.focus();
}, 50);
</script>"""


def watch() -> None:
    """Let this page remember; once, before anything else is drawn."""
    ui.add_body_html(_WATCH)


def mark(element: ui.element, path: Path, head: bool = False) -> None:
    """Name a part of the page after the row, or the head of the group, at this path."""
    element.props(f'data-part="{_name(path, head)}"')


def bring(page: ui.element, path: Path, head: bool = False) -> None:
    """Put the focus into that part: where it was in it before, else at its beginning.

    `page`: any element that stays. The control that was used may be gone by now, and with it the way to its browser.
    """
    page.client.run_javascript(f"tbFocus('{_name(path, head)}')")


def _name(path: Path, head: bool) -> str:
    return f"{'group' if head else 'row'} {'.'.join(map(str, path))}"
