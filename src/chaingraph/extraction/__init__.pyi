from .acceptance import Acceptance as Acceptance
from .acceptance import accept as accept
from .candidates import Candidate as Candidate
from .candidates import Candidates as Candidates
from .language_model import LanguageModel as LanguageModel
from .reading import read as read

__all__ = ["Acceptance", "Candidate", "Candidates", "LanguageModel", "accept", "read"]
