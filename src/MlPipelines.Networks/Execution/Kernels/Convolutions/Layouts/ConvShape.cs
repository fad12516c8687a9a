namespace MlPipelines.Execution.Kernels;

/// <summary>The sizes of a convolution x [N,C,H,W] · w [K,C/g,kh,kw] → y [N,K,H',W'].</summary>
readonly record struct ConvShape(int Batch, int Channels, PlaneSize Input, int Filters, int Groups, Window Window)
{
    public int Height => Input.Height;
    public int Width => Input.Width;
    public int OutHeight => Window.Rows.Outputs(Height);
    public int OutWidth => Window.Columns.Outputs(Width);
    public int GroupChannels => Channels / Groups;
    public int GroupFilters => Filters / Groups;
    public int Plane => Input.Area;
    public int OutPlane => OutHeight * OutWidth;
    public bool IsDepthwise => Groups == Channels && Groups == Filters;
}
