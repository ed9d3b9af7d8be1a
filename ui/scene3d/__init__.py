"""The 3D room: machines in motion on the hall's floor. The only part of the product that imports VTK, and only once a picture is wanted."""

from ui.scene3d.request import Profile
from ui.scene3d.scene import Look, Pose, SceneLink, SceneUnit, UnitLook
from ui.scene3d.theme import DARK, LIGHT, SceneTheme
from ui.scene3d.view import SceneView

__all__ = ["DARK", "LIGHT", "Look", "Pose", "Profile", "SceneLink", "SceneTheme", "SceneUnit", "SceneView", "UnitLook"]
