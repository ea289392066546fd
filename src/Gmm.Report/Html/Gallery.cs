namespace Gmm.Report.Html;

/// <summary>A picture of a <see cref="Gallery"/>.</summary>
/// <param name="Data">The file as it is; it becomes part of the page, so keep it small.</param>
/// <param name="MediaType">image/png, image/jpeg, image/webp, image/gif or image/svg+xml.</param>
/// <param name="Description">What the picture is, for those who do not see it.</param>
/// <param name="Caption">Below it, or null.</param>
/// <param name="Detail">A second line, smaller, or null.</param>
public sealed record GalleryImage(ReadOnlyMemory<byte> Data, string MediaType, string Description, string? Caption = null, string? Detail = null);

/// <summary>Pictures side by side, as many as the width allows. Pictures of one gallery are shown in the same size.</summary>
public sealed class Gallery : Block
{
    private static readonly string[] s_mediaTypes = ["image/png", "image/jpeg", "image/webp", "image/gif", "image/svg+xml"];

    private readonly GalleryImage[] _images;
    private readonly int _width;

    /// <summary>A gallery.</summary>
    /// <param name="images">The pictures, in order.</param>
    /// <param name="width">Width of one in CSS pixels; on a narrow screen never more than the page.</param>
    /// <exception cref="ArgumentException">A media type is not one of a picture.</exception>
    public Gallery(IReadOnlyList<GalleryImage> images, int width = 160)
    {
        ArgumentNullException.ThrowIfNull(images);
        Require.AtLeast(nameof(width), width, 1);
        foreach (var image in images)
        {
            if (!s_mediaTypes.Contains(image.MediaType))
            {
                throw new ArgumentException(
                    $"the media type is '{image.MediaType}'; one of {string.Join(", ", s_mediaTypes)} is required", nameof(images));
            }
        }
        (_images, _width) = ([.. images], width);
    }

    internal override void Write(HtmlWriter html, PageData data)
    {
        html.Open("div", ("class", "gallery"), ("style", $"--width:{_width}px"));
        foreach (var image in _images)
        {
            html.Line().Open("figure");
            var source = $"data:{image.MediaType};base64,{Convert.ToBase64String(image.Data.Span)}";
            html.Void("img", ("src", source), ("alt", image.Description));
            if (image.Caption is not null || image.Detail is not null)
            {
                html.Open("figcaption");
                if (image.Caption is not null) html.Element("span", image.Caption);
                if (image.Detail is not null) html.Element("small", image.Detail);
                html.Close();
            }
            html.Close();
        }
        html.Close();
    }
}
