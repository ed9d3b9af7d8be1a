"""Reading URDF, the description of robots: each joint is a node by its name, each link's visuals hang on it. Not for collisions, masses and limits.

Only what is drawn is read, so the ten elements of the format are read here; XML that declares anything of its own is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, sin
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np

from twin_app.shapes.crease import creased
from twin_app.shapes.obj import read_obj
from twin_app.shapes.ply import read_ply
from twin_app.shapes.shape import CONTRADICTS, MAX_EXTENT, MAX_NODES, NO_SIZE, TOO_MANY_NODES, Model, ModelNode, ModelPart, Surface, require
from twin_app.shapes.stl import read_stl
from twin_app.text import N_

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.shapes.beside import Folder

    Floats = NDArray[np.float64]

_SIDES = 24
_MOST_VISUALS = 1000


@dataclass(frozen=True, slots=True)
class _Joint:
    """How one link hangs on another."""

    name: str
    child: str
    local: Floats


def read_urdf(data: bytes, folder: Folder) -> Model:
    """Return the links of a URDF file, joints at zero; refuse files elsewhere, circles, and meshes of unknown kinds."""
    robot = parsed(data)
    links = {str(link.get("name")): link for link in robot.iter("link")}
    hanging: dict[str, list[_Joint]] = {}
    for joint in robot.findall("joint"):
        hung = _Joint(str(joint.get("name")), _name(joint, "child"), _origin(joint))
        hanging.setdefault(_name(joint, "parent"), []).append(hung)
    children = {each.child for joints in hanging.values() for each in joints}
    building = _Building(folder, _materials(robot))
    waiting = [(link, "", 0, np.eye(4)) for link in links if link not in children]
    require(waiting, TOO_MANY_NODES)
    building.nodes.append(ModelNode("", -1, np.eye(4)))
    reached: set[str] = set()
    while waiting:
        link, name, parent, local = waiting.pop(0)
        reached.add(link)
        row = len(building.nodes)
        require(row <= min(MAX_NODES, 2 * len(links) + _MOST_VISUALS), TOO_MANY_NODES)
        building.nodes.append(ModelNode(name or link, parent, local))
        if link in links:
            building.add(links[link], row)
        waiting += [(below.child, below.name, row, below.local) for below in hanging.get(link, ())]
    require(reached.issuperset(links), TOO_MANY_NODES)
    return Model(tuple(building.nodes), tuple(building.parts))


def parsed(data: bytes) -> ET.Element:
    """Return the robot of a file; Refusal or ValueError where it is none, or declares things of its own."""
    try:
        text = data.decode("utf-8-sig")
        require("<!DOCTYPE" not in text and "<!ENTITY" not in text and "\0" not in text, N_("it declares things of its own in XML"))
        robot = ET.fromstring(text)  # noqa: S314 - see above
    except (UnicodeDecodeError, ET.ParseError) as error:
        raise ValueError from error
    require(robot.tag == "robot", N_("it is no URDF"))
    return robot


def _name(joint: ET.Element, tag: str) -> str:
    """Return the link that a joint names."""
    found = joint.find(tag)
    return str(found.get("link")) if found is not None else ""


def _numbers(text: str | None, count: int, default: float = 0.0) -> Floats:
    values = np.array(text.split(), dtype=np.float64) if text else np.full(count, default)
    require(len(values) == count, CONTRADICTS)
    require(np.isfinite(values).all() and (np.abs(values) < MAX_EXTENT).all(), NO_SIZE)
    return values


def _origin(element: ET.Element) -> Floats:
    """Return the place that an element's `origin` gives: roll, pitch and yaw about fixed axes, then the shift."""
    origin, place = element.find("origin"), np.eye(4)
    if origin is None:
        return place
    roll, pitch, yaw = _numbers(origin.get("rpy"), 3)
    x = np.array([[1, 0, 0], [0, cos(roll), -sin(roll)], [0, sin(roll), cos(roll)]])
    y = np.array([[cos(pitch), 0, sin(pitch)], [0, 1, 0], [-sin(pitch), 0, cos(pitch)]])
    z = np.array([[cos(yaw), -sin(yaw), 0], [sin(yaw), cos(yaw), 0], [0, 0, 1]])
    place[:3, :3] = z @ y @ x
    place[:3, 3] = _numbers(origin.get("xyz"), 3)
    return place


def _materials(robot: ET.Element) -> dict[str, Surface]:
    """Return the robot's named colours."""
    return {str(found.get("name")): surface for found in robot.findall("material") if (surface := _coloured(found)) is not None}


def _coloured(material: ET.Element) -> Surface | None:
    colour = material.find("color")
    if colour is None:
        return None
    red, green, blue, opacity = np.clip(_numbers(colour.get("rgba"), 4, 1.0), 0.0, 1.0).tolist()
    return Surface(str(material.get("name", "")), (red, green, blue), opacity)


class _Building:
    """The model while links are added to it."""

    def __init__(self, folder: Folder, materials: dict[str, Surface]) -> None:
        self._folder, self._materials = folder, materials
        self.nodes: list[ModelNode] = []
        self.parts: list[ModelPart] = []
        self._visuals = 0

    def add(self, link: ET.Element, row: int) -> None:
        """Hang a link's visuals on its node."""
        for visual in link.findall("visual"):
            self._visuals += 1
            require(self._visuals <= _MOST_VISUALS, TOO_MANY_NODES)
            geometry, surface = visual.find("geometry"), self._surface(visual.find("material"))
            if geometry is not None and len(geometry):
                node = len(self.nodes)
                self.nodes.append(ModelNode("", row, _origin(visual)))
                self.parts += [_hung(part, node, surface) for part in self._geometry(geometry[0])]

    def _surface(self, material: ET.Element | None) -> Surface | None:
        if material is None:
            return None
        return _coloured(material) or self._materials.get(str(material.get("name")))

    def _geometry(self, shape: ET.Element) -> list[ModelPart]:
        """Return the parts of a mesh file, a box, a cylinder or a ball, all about the origin."""
        if shape.tag == "mesh":
            scale = _numbers(shape.get("scale"), 3, 1.0)
            return [replace(part, positions=part.positions * scale) for part in self._mesh(str(shape.get("filename"))).parts]
        return [_solid(shape)]

    def _mesh(self, name: str) -> Model:
        """Return the model in a mesh file; `package://robot/` is the URDF's own folder."""
        plain = mesh_name(name)
        suffix = plain.lower().rpartition(".")[2]
        require(suffix in {"stl", "obj", "ply"}, N_("it refers to {found}; meshes of robots can be STL, OBJ or PLY"), found=plain[:80])
        data = self._folder.read(plain)
        return {"stl": lambda: read_stl(data), "obj": lambda: read_obj(data, self._folder), "ply": lambda: read_ply(data)}[suffix]()


def mesh_name(name: str) -> str:
    """Return what a mesh file is called in the URDF's own folder."""
    return name.removeprefix("package://").partition("/")[2] if name.startswith("package://") else name.removeprefix("file://./")


def _hung(part: ModelPart, node: int, surface: Surface | None) -> ModelPart:
    return replace(part, node=node, surface=surface or part.surface)


def _solid(shape: ET.Element) -> ModelPart:
    """Return a box, a cylinder or a ball as the format has them: centred on the origin, along Z."""
    if shape.tag == "box":
        corners = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]) * _numbers(shape.get("size"), 3)
        faces = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
        return creased(0, Surface(), corners, np.array([t for a, b, c, d in faces for t in ((a, b, c), (a, c, d))]))
    radius = float(_numbers(shape.get("radius"), 1)[0])
    if shape.tag == "cylinder":
        half = float(_numbers(shape.get("length"), 1)[0]) / 2
        profile = [(0.0, -half), (radius, -half), (radius, half), (0.0, half)]
    else:
        require(shape.tag == "sphere", CONTRADICTS)
        turns = np.linspace(-np.pi / 2, np.pi / 2, _SIDES // 2 + 1)
        profile = [(radius * cos(a), radius * sin(a)) for a in turns]
    return _turned(profile)


def _turned(profile: list[tuple[float, float]]) -> ModelPart:
    """Return the body of a profile of (radius, height) turned about Z."""
    angles = np.arange(_SIDES) * 2 * np.pi / _SIDES
    points = np.concatenate([np.column_stack([r * np.cos(angles), r * np.sin(angles), np.full(_SIDES, z)]) for r, z in profile])
    low = np.arange(_SIDES)
    beside = (low + 1) % _SIDES
    rows = [np.concatenate([np.stack([low, beside, beside + _SIDES], 1), np.stack([low, beside + _SIDES, low + _SIDES], 1)])]
    triangles = np.concatenate([rows[0] + band * _SIDES for band in range(len(profile) - 1)])
    return creased(0, Surface(), points, triangles)
