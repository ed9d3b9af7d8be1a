"""The doors between numpy and VTK's arrays, typed: VTK's own are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from vtkmodules.util import numpy_support
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from vtkmodules.vtkCommonCore import vtkDataArray, vtkUnsignedCharArray

    Floats = NDArray[np.float64]

_LINE_ENDS = 2


def shared(array: NDArray[Any]) -> vtkDataArray:
    """Return a VTK array over the same memory; the numpy array must outlive it and be changed only in place."""
    return cast("vtkDataArray", numpy_support.numpy_to_vtk(array))


def copied(array: NDArray[Any]) -> vtkDataArray:
    """Return a VTK array with memory of its own."""
    return cast("vtkDataArray", numpy_support.numpy_to_vtk(np.ascontiguousarray(array), deep=True))


def as_numpy(array: vtkUnsignedCharArray) -> NDArray[np.uint8]:
    """Return VTK's bytes as numpy sees them, without copying."""
    return cast("NDArray[np.uint8]", numpy_support.vtk_to_numpy(array))


def polydata(positions: Floats, cells: NDArray[np.int64], normals: Floats | None = None) -> vtkPolyData:
    """Return triangles (m, 3) or lines (m, 2) over points (n, 3)."""
    points = vtkPoints()
    points.SetData(copied(positions.astype(np.float32)))
    data = vtkPolyData()
    data.SetPoints(points)
    width = cells.shape[1]
    array = vtkCellArray()
    array.SetData(copied(np.arange(0, cells.size + 1, width, dtype=np.int64)), copied(cells.reshape(-1).astype(np.int64)))
    if width == _LINE_ENDS:
        data.SetLines(array)
    else:
        data.SetPolys(array)
    if normals is not None:
        data.GetPointData().SetNormals(copied(normals.astype(np.float32)))
    return data


def image(pixels: NDArray[Any]) -> vtkImageData:
    """Return an image of rows from the bottom, shape (height, width, channels)."""
    height, width, channels = pixels.shape
    data = vtkImageData()
    data.SetDimensions(width, height, 1)
    data.GetPointData().SetScalars(copied(pixels.reshape(-1, channels)))
    return data
