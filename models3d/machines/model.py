"""What a model script hands over: named nodes, and parts (a mesh of one material) hung on them. No file format here."""

from dataclasses import dataclass

from models3d.machines.mesh import Mesh, Vector


@dataclass(frozen=True, slots=True)
class Material:
    """A surface: sRGB colour ``#RRGGBB``, opacity and the two physically based numbers of glTF (all 0 to 1)."""

    colour: str
    opacity: float = 1.0
    metallic: float = 0.0
    roughness: float = 0.6


@dataclass(frozen=True, slots=True)
class Node:
    """A named joint: motions move it, and its children with it. ``at`` is its origin in its parent, in metres."""

    name: str
    at: Vector = (0.0, 0.0, 0.0)
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A mesh of one material in the coordinates of its node."""

    node: str
    material: str
    mesh: Mesh


@dataclass(frozen=True, slots=True)
class Model:
    """A whole machine; the order of nodes and parts is the order in the file."""

    name: str
    nodes: tuple[Node, ...]
    parts: tuple[Part, ...]


# Calm greys around the palette's machine colour: state is shown by ring and beacon, never by the body.
MATERIALS = {
    "accent": Material("#5D7488", roughness=0.5),
    "body": Material("#C0C6CC", roughness=0.55),
    "panel": Material("#EFF2F4", roughness=0.5),
    "frame": Material("#868E96", roughness=0.5, metallic=0.3),
    "plinth": Material("#545B62", roughness=0.8),
    "belt": Material("#474D54", roughness=0.9),
    "steel": Material("#C6CBCF", roughness=0.35, metallic=0.6),
    "dark": Material("#343A40", roughness=0.5),
    "glass": Material("#86A0AF", opacity=0.26, roughness=0.1),
    "product": Material("#8FA59B", roughness=0.3),
    "cap": Material("#6D8296", roughness=0.5),
    "label": Material("#E6E4DC", roughness=0.8),
    "case": Material("#B5AA9B", roughness=0.85),
    "wood": Material("#A39887", roughness=0.9),
    "mesh": Material("#8B929A", opacity=0.12, roughness=0.6),
    "lamp": Material("#848C94", roughness=0.4),
    "lamp_low": Material("#848C94", roughness=0.4),
    "lamp_middle": Material("#848C94", roughness=0.4),
    "lamp_high": Material("#848C94", roughness=0.4),
}
