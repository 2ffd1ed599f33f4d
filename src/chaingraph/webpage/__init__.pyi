from .document import Page as Page
from .rendering import page as page
