"""Views of lists: what a person saved to see again, and what a team shares (product.md 1.6). Any list has them by naming itself."""

from ringdesk.features.lists.controllers import ViewController

controllers = [ViewController]

__all__ = ["controllers"]
