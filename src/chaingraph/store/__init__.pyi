from .joining import Joined as Joined
from .knowledge_graph import Backend as Backend
from .knowledge_graph import KnowledgeGraph as KnowledgeGraph
from .knowledge_graph import build as build
from .knowledge_graph import open as open
from .versions import STORE_SUFFIX as STORE_SUFFIX
from .versions import is_store as is_store
