"""Views of lists: what a person saved to see again, and what a team shares (product.md 1.6). Any list has them by naming itself."""

from ringdesk.features.lists.controllers import ViewController
from ringdesk.features.lists.events import SavingView, saving

controllers = [ViewController]

__all__ = ["SavingView", "controllers", "saving"]
