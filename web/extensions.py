"""Flask's extensions, made once and bound to the app by `create_app`."""

from flask_babel import Babel
from flask_limiter import Limiter
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from matcher.database import Base
from web.network_place import place

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(place, default_limits=[])
