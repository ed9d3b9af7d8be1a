"""3D models of any kind, read into one form: named nodes and triangles. A file is hostile until it is read. Not for drawing."""

from twin_app.shapes.fit import Fit, fitted
from twin_app.shapes.read import SUFFIXES, read_model
from twin_app.shapes.refers import files_of_model
from twin_app.shapes.shape import Model, ModelNode, ModelPart, Surface

__all__ = ["SUFFIXES", "Fit", "Model", "ModelNode", "ModelPart", "Surface", "files_of_model", "fitted", "read_model"]
